package io.evenkeel.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What {@link Adaptive} remembers of one replica: decayed sums over its answers, its last answer, its open calls, and its
 * last report.
 *
 * <p>The sums share one word, so that any reading of them is consistent: the latencies as a float, in nanoseconds, in the
 * upper half; the number of answers and of failures, in units of 1/4,096, in a quarter each. A decay that is not applied
 * yet is a factor for all three.
 *
 * <p>Threads: any. Of two calls that are answered at the same moment one may be lost, whichever it is, so the mean stays
 * true. What is not in the word is plain: a reader may see it a moment older, or newer, than the word.
 */
final class Latency extends OpenCalls {

    /** The most answers that the word can count. */
    static final int MOST_ANSWERS = 16;

    private static final int HALF = 32;
    private static final int QUARTER = 16;
    private static final int MOST = (1 << QUARTER) - 1;
    private static final double UNITS = 1 << 12;
    private static final double PER_UNIT = 1 / UNITS;
    private static final VarHandle SUMS = sumsHandle();

    private volatile long sums;
    private long answeredNanos;
    /** In nanoseconds; below 0 if the call failed. */
    private float last;
    /** Where the newest list has this replica. A hint: whoever uses it looks whether it is so. */
    private int place;

    /** Calls begun since the report. */
    private int sentSince;
    /** In nanoseconds; 0 if there is no report. */
    private float reported;

    private float reportedInFlight;
    private long reportedNanos;

    /** Books an answer, after what was booked before has lost all but {@code kept} of its weight. */
    void book(double latencyNanos, boolean failed, double kept, long nowNanos) {
        long before = sums;
        long after = pack(
                nanos(before) * kept + latencyNanos,
                answers(before) * kept + 1,
                failures(before) * kept + (failed ? 1 : 0));
        if (SUMS.compareAndSet(this, before, after)) {
            last = (float) (failed ? -latencyNanos : latencyNanos);
            answeredNanos = nowNanos;
        }
    }

    private static long pack(double nanos, double answers, double failures) {
        return ((long) Float.floatToRawIntBits((float) nanos) << HALF) | (units(answers) << QUARTER) | units(failures);
    }

    private static long units(double number) {
        return Math.min(MOST, (long) (number * UNITS + 0.5));
    }

    long sums() {
        return sums;
    }

    static double nanos(long sums) {
        return Float.intBitsToFloat((int) (sums >> HALF));
    }

    static double answers(long sums) {
        return ((sums >>> QUARTER) & MOST) * PER_UNIT;
    }

    static double failures(long sums) {
        return (sums & MOST) * PER_UNIT;
    }

    /** Since the last answer; any time before the first. Below 0 if the clock went back. */
    long sinceAnswerNanos(long nowNanos) {
        return nowNanos - answeredNanos;
    }

    /** The last latency, in nanoseconds. */
    double lastNanos() {
        return Math.abs(last);
    }

    /** Whether the last call failed. */
    boolean lastFailed() {
        return last < 0;
    }

    int place() {
        return place;
    }

    void placeAt(int index) {
        place = index;
    }

    void sent() {
        if (reported > 0) {
            sentSince++;
        }
    }

    void report(double inFlight, double latencyNanos, long nowNanos) {
        sentSince = 0;
        reportedInFlight = (float) inFlight;
        reportedNanos = nowNanos;
        reported = (float) latencyNanos;
    }

    boolean hasReport() {
        return reported > 0;
    }

    double sinceReportNanos(long nowNanos) {
        return nowNanos - reportedNanos;
    }

    /** The latency that the replica expects, in nanoseconds, with the calls that were sent since it said so. */
    double reportedNanos() {
        return reported * (sentSince / (reportedInFlight + 1.0) + 1);
    }

    private static VarHandle sumsHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Latency.class, "sums", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
