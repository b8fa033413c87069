package io.evenkeel.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What {@link Adaptive} remembers of one replica: decayed sums over its answers, its last answer, its open calls, and its
 * last report.
 *
 * <p>The sums share one word, so that any reading of them is consistent: the latencies as a float, in nanoseconds, in the
 * upper half; the number of answers and of failures, in units of 1/1,024, in a quarter each. A decay that is not applied
 * yet is a factor for all three.
 *
 * <p>Threads: any. Of two calls that are answered at the same moment one may be lost, whichever it is, so the mean stays
 * true. What is not in the word is plain: a reader may see it a moment older, or newer, than the word.
 */
final class Latency extends OpenCalls {

    /** The most answers that the word can count. */
    static final int MOST_ANSWERS = 60;

    private static final int HALF = 32;
    private static final int QUARTER = 16;
    private static final int MOST = (1 << QUARTER) - 1;
    private static final double UNITS = 1 << 10;
    private static final double PER_UNIT = 1 / UNITS;
    private static final double HALF_A_UNIT = 0.5 / UNITS;
    /** The shares of a report in the mean of a replica's reports; the first is set against the mean of all replicas. */
    private static final float FIRST_REPORT = 0.25f;

    private static final float LATER_REPORT = 0.05f;
    private static final VarHandle SUMS = sumsHandle();

    private volatile long sums;
    private long answeredNanos;
    /** In nanoseconds; below 0 if the call failed. */
    private float last;
    /** Where the newest list has this replica. A hint: whoever uses it looks whether it is so. */
    private int place;

    /** Where the memory has it. A hint, too. */
    private int remembered;
    /** Whether the call that began last was sent here because it was remembered. */
    private boolean chosenByMemory;

    /** Calls begun since the report. */
    private int sentSince;
    /** Calls in flight and one more; 0 if there is no report. */
    private float reportedInFlight;
    /** The mean of such. */
    private float usuallyInFlight;
    /** In nanoseconds; NaN if it was not said. */
    private float reportedNanos;

    private long reportedAtNanos;

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

    /** Nothing is known any more but the calls that are open. */
    void forgive() {
        sums = 0;
        last = 0;
        reportedInFlight = 0;
    }

    private static long pack(double nanos, double answers, double failures) {
        return ((long) Float.floatToRawIntBits((float) nanos) << HALF)
                | (units(answers + HALF_A_UNIT) << QUARTER)
                | units(failures); // rounded down, so that it once is 0
    }

    private static long units(double number) {
        return Math.min(MOST, (long) (number * UNITS));
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

    int remembered() {
        return remembered;
    }

    void rememberedAt(int place) {
        remembered = place;
    }

    boolean chosenByMemory() {
        return chosenByMemory;
    }

    void chosen(boolean byMemory) {
        if (chosenByMemory != byMemory) {
            chosenByMemory = byMemory;
        }
    }

    void sent() {
        if (reportedInFlight > 0) {
            sentSince++;
        }
    }

    /** {@code mean} is that of the calls in flight, and one more, in the reports of all replicas. */
    void report(double inFlight, double latencyNanos, double mean, long nowNanos) {
        float calls = (float) inFlight + 1;
        float before = usuallyInFlight == 0 ? (float) mean : usuallyInFlight;
        usuallyInFlight = before + (usuallyInFlight == 0 ? FIRST_REPORT : LATER_REPORT) * (calls - before);
        sentSince = 0;
        reportedNanos = (float) latencyNanos;
        reportedAtNanos = nowNanos;
        reportedInFlight = calls;
    }

    boolean hasReport() {
        return reportedInFlight > 0;
    }

    double sinceReportNanos(long nowNanos) {
        return nowNanos - reportedAtNanos;
    }

    /**
     * The latency that the report lets expect, in mean latencies: what it says, or else {@code expected}, for so much more or
     * less in flight there than usually.
     */
    double reported(double expected, double perMean) {
        return Float.isNaN(reportedNanos) ? expected * reportedInFlight / usuallyInFlight : reportedNanos * perMean;
    }

    /**
     * How many times more there is in flight than was reported: the calls that were sent since come on top; and of those that
     * were on the way then it did not know: the replica has at least as many as this client has in flight.
     */
    double sinceReported(int inFlight) {
        double calls = reportedInFlight;
        return Math.max(calls + sentSince, inFlight + 1.0) / calls;
    }

    private static VarHandle sumsHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Latency.class, "sums", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
