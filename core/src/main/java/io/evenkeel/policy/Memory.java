package io.evenkeel.policy;

import org.jspecify.annotations.Nullable;

/**
 * The replicas that answered last, and well: whoever answered has just ended a call, so it is likelier to be idle than one
 * drawn at random. An answer is the token that join-idle-queue needs a message for.
 *
 * <p>Threads: any, without synchronisation: a race may remember one twice, or forget one.
 */
final class Memory {

    private final @Nullable Latency[] slots;

    Memory(int size) {
        this.slots = new @Nullable Latency[size];
    }

    int size() {
        return slots.length;
    }

    @Nullable
    Latency at(int slot) {
        return slots[slot];
    }

    /** Takes the place of the one that answered longest ago, unless it is remembered already. */
    void remember(Latency latency, long nowNanos) {
        int oldest = 0;
        long most = -1;
        for (int slot = 0; slot < slots.length; slot++) {
            Latency known = slots[slot];
            if (known == latency) {
                return;
            }
            long age = known == null ? Long.MAX_VALUE : known.sinceAnswerNanos(nowNanos);
            if (age > most) {
                most = age;
                oldest = slot;
            }
        }
        if (slots.length > 0) {
            slots[oldest] = latency;
        }
    }

    void forget(Latency latency) {
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] == latency) {
                slots[slot] = null;
            }
        }
    }
}
