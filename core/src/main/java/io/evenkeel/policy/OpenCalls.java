package io.evenkeel.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The calls of one replica that are not answered yet: how many, and how long they have been open in all. A replica that
 * hangs is so seen before any of its calls has timed out.
 *
 * <p>One word holds the number, in its low 20 bits, and the sum of the starting times, in units of 1,024 ns, in the others.
 * A call adds to it and takes the same away again, so the word is 0 when none is open, and any reading of it is consistent.
 * The sum may overflow: ages are exact as long as they sum up to less than 104 days. Threads: any; no step ever waits.
 */
class OpenCalls {

    private static final int COUNT_BITS = 20;
    private static final long COUNT = (1L << COUNT_BITS) - 1;
    private static final int UNIT_BITS = 10;
    private static final double UNIT_NANOS = 1 << UNIT_BITS;
    private static final VarHandle WORD = wordHandle();

    private volatile long word;

    final void began(long nowNanos) {
        WORD.getAndAdd(this, one(nowNanos));
    }

    /** A call that began at {@code startNanos}, exactly, is answered. */
    final void ended(long startNanos) {
        WORD.getAndAdd(this, -one(startNanos));
    }

    private static long one(long startNanos) {
        return ((startNanos >> UNIT_BITS) << COUNT_BITS) + 1;
    }

    /** A reading, for {@link #open} and {@link #ageNanos}; 0 if no call is open. */
    final long reading() {
        return word;
    }

    /** How many calls are open. */
    static int open(long reading) {
        return (int) (reading & COUNT);
    }

    /** How long the open calls have been open, summed up, in nanoseconds; 0 or more. */
    static double ageNanos(long reading, long nowNanos) {
        long sum = (reading & COUNT) * (nowNanos >> UNIT_BITS) - (reading >> COUNT_BITS);
        long age = (sum << COUNT_BITS) >> COUNT_BITS;
        return age > 0 ? age * UNIT_NANOS : 0;
    }

    /** How long an open call has been open on average, in nanoseconds; 0 if none is open. */
    final double meanAgeNanos(long nowNanos) {
        long reading = word;
        return reading == 0 ? 0 : ageNanos(reading, nowNanos) / Math.max(1, open(reading));
    }

    /** Whether nothing of any call is left. */
    final boolean isClear() {
        return word == 0;
    }

    private static VarHandle wordHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(OpenCalls.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
