package io.evenkeel.policy;

import org.jspecify.annotations.Nullable;

/**
 * The replicas that answered lately, and well, and were not chosen for it since: whoever answered has just ended a call, so
 * it is likelier to be idle than one drawn at random. An answer is the token that join-idle-queue (Lu et al., 2011) needs a
 * message for, and like one it is spent by use.
 *
 * <p>A ring: who answers takes the place that was vacated last, or else that of the oldest. Threads: any, without
 * synchronisation: a race may remember one twice, or forget one.
 */
final class Memory {

    private static final int SIZE = 32;

    private final @Nullable Latency[] places = new @Nullable Latency[SIZE];
    private int newest;
    private int vacated;

    /** Where the newest is. */
    int newest() {
        return newest;
    }

    /** The place of the next older one. */
    static int older(int place) {
        return (place - 1) & (SIZE - 1);
    }

    @Nullable
    Latency at(int place) {
        return places[place];
    }

    void remember(Latency latency) {
        if (places[latency.remembered()] == latency) {
            return;
        }
        int place = vacated;
        if (places[place] != null) {
            place = (newest + 1) & (SIZE - 1);
            newest = place;
        }
        places[place] = latency;
        latency.rememberedAt(place);
    }

    void forget(Latency latency) {
        if (places[latency.remembered()] == latency) {
            places[latency.remembered()] = null;
            vacated = latency.remembered();
        }
    }

    static int size() {
        return SIZE;
    }
}
