package io.evenkeel.balance;

import io.evenkeel.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * What calls show of one side, the own zone or the others: how long calls have been under way there, in all, and how many
 * were answered. The one by the other is the mean latency, by Little's law, and calls that hang are in it while they hang.
 *
 * <p>Calls only add; whoever looks takes differences. The open calls share one word, so that any reading of it is consistent:
 * their number in the low 20 bits, in the others the sum of their starting times, in units of 1,024 ns.
 */
final class Side {

    private static final int COUNT_BITS = 20;
    private static final long COUNT = (1L << COUNT_BITS) - 1;
    private static final int UNIT_BITS = 10;
    private static final VarHandle OPEN = openHandle();

    private final Zoning zoning;
    private volatile long open;
    private final LongAdder endedNanos = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder failures = new LongAdder();
    /** No call counts for longer. */
    private volatile long mostNanos = Long.MAX_VALUE;

    Side(Zoning zoning) {
        this.zoning = zoning;
    }

    void began(long now) {
        OPEN.getAndAdd(this, one(now));
        zoning.look(now);
    }

    void answered(Outcome outcome, long latencyNanos, long now) {
        OPEN.getAndAdd(this, -one(now - latencyNanos));
        endedNanos.add(Math.min(latencyNanos, mostNanos));
        if (outcome != Outcome.IGNORED) {
            answers.increment();
        }
        if (outcome == Outcome.FAILURE || outcome == Outcome.OVERLOADED) {
            failures.increment();
        }
        zoning.look(now);
    }

    /** The body of a call that was answered well broke off. */
    void brokeOff() {
        failures.increment();
    }

    private static long one(long startNanos) {
        return ((startNanos >> UNIT_BITS) << COUNT_BITS) + 1;
    }

    /** From now on a call counts for no longer than this, for one that takes for ever says nothing of the others. */
    void countAtMost(long nanos) {
        mostNanos = nanos;
    }

    /**
     * How long calls have been under way, in all: those that ended, and those that are open, until now. Of these the mean age is
     * bounded, since only their sum is known: while one of several is very old, each counts as old as may be.
     */
    double spentNanos(long now) {
        long reading = open;
        long calls = reading & COUNT;
        long sum = calls * (now >> UNIT_BITS) - (reading >> COUNT_BITS);
        long age = (sum << COUNT_BITS) >> COUNT_BITS;
        double openNanos = Math.max(0, age) * (double) (1 << UNIT_BITS);
        return endedNanos.sum() + Math.min(openNanos, calls * (double) mostNanos);
    }

    long answers() {
        return answers.sum();
    }

    long failures() {
        return failures.sum();
    }

    /** Whether no call is open. */
    boolean isClear() {
        return open == 0;
    }

    private static VarHandle openHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Side.class, "open", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
