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

    /** How long the open calls have been open, summed up, in nanoseconds; 0 or more. */
    final double ageNanos(long nowNanos) {
        long now = word;
        if (now == 0) {
            return 0;
        }
        long sum = (now & COUNT) * (nowNanos >> UNIT_BITS) - (now >> COUNT_BITS);
        return Math.max(0, (sum << COUNT_BITS) >> COUNT_BITS) * UNIT_NANOS;
    }

    /** How long an open call has been open on average, in nanoseconds; 0 if none is open. */
    final double meanAgeNanos(long nowNanos) {
        return word == 0 ? 0 : ageNanos(nowNanos) / Math.max(1, open());
    }

    /** How many are open. */
    final int open() {
        return (int) (word & COUNT);
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
