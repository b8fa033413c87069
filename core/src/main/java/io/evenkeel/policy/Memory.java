package io.evenkeel.policy;

import org.jspecify.annotations.Nullable;

/**
 * The replicas that answered lately, and well, and were not chosen for it since: whoever answered has just ended a call, so
 * it is likelier to be idle than one drawn at random. An answer is the token that join-idle-queue (Lu et al., 2011) needs a
 * message for, and like one it is spent by use.
 *
 * <p>They are kept by what they cost when they answered, in classes of which each is a fifth dearer than the one before, so
 * that the cheapest are found at once; within a class the newest comes first. Threads: any, without synchronisation: a race
 * may forget one.
 */
final class Memory {

    private static final int CLASSES = Integer.SIZE;
    private static final int EACH = 8;
    /** The bits of a float from which on they tell the class: its exponent, and two bits more for four classes an octave. */
    private static final int CLASS_BITS = 21;
    /** The class of all that cost less than 0.3 mean latencies is the first. */
    private static final int FIRST = Float.floatToRawIntBits(0.25f) >> CLASS_BITS;

    private final @Nullable Latency[] places = new @Nullable Latency[CLASSES * EACH];
    /** Where in each class the newest is. */
    private final int[] newest = new int[CLASSES];
    /** A bit for each class that may hold any. */
    private int filled;

    /** Of a cost in mean latencies, above 0. */
    static int classOf(double cost) {
        int index = (Float.floatToRawIntBits((float) cost) >> CLASS_BITS) - FIRST;
        return index < 0 ? 0 : Math.min(index, CLASSES - 1);
    }

    /** A bit for each class that may hold any, the cheapest lowest. */
    int filled() {
        return filled;
    }

    /** The newest of a class; null if it holds none after all. */
    @Nullable
    Latency newest(int index) {
        int at = newest[index];
        for (int step = 0; step < EACH; step++, at = (at - 1) & (EACH - 1)) {
            Latency latency = places[index * EACH + at];
            if (latency != null) {
                if (step > 0) {
                    newest[index] = at;
                }
                return latency;
            }
        }
        clear(index);
        return null;
    }

    /** All of a class are forgotten. */
    void clear(int index) {
        filled &= ~(1 << index);
    }

    boolean holds(Latency latency) {
        return places[latency.remembered()] == latency;
    }

    void remember(Latency latency, int index) {
        int top = index * EACH + newest[index];
        if (places[top] != latency) {
            forget(latency);
            if (places[top] != null) {
                newest[index] = (newest[index] + 1) & (EACH - 1);
                top = index * EACH + newest[index];
            }
            places[top] = latency;
            latency.rememberedAt(top);
        }
        int bit = 1 << index;
        if ((filled & bit) == 0) {
            filled |= bit;
        }
    }

    void forget(Latency latency) {
        if (holds(latency)) {
            places[latency.remembered()] = null;
        }
    }
}
