package io.evenkeel.policy;

/**
 * What {@link Adaptive} remembers of one replica: decayed sums over its answers, the estimate that follows from them, its
 * last answer, its open calls, and its last report. The estimate is made when an answer is booked, once, for every choice
 * that reads it.
 *
 * <p>Threads: any. All but the open calls is plain: of two calls that are answered at the same moment one may be lost,
 * whichever it is, so the mean stays true; and a reader may see one field a moment newer than another.
 */
final class Latency extends OpenCalls {

    /** With so many answers known the estimate is trusted half. */
    private static final double SPARSITY = 4;

    // Decayed sums, as of the last answer: of latencies, in nanoseconds; of answers; and of failures among them.

    private float nanos;
    private float answers;
    private float failures;

    private long answeredNanos;
    /** In nanoseconds; below 0 if the call failed; 0 if there was none. */
    private float last;

    // The estimate, as of the last answer.

    /** The part that follows from latencies, in nanoseconds. */
    private float expectedNanos;
    /** The part that follows from failures, and from not knowing much, in mean latencies. */
    private float expectedBesides;
    /** What a mean latency's worth of open calls adds. */
    private float perOpen;
    /** How little is known: from 1, nothing, towards 0. */
    private float doubt;

    /** Where the newest list has this replica. A hint: whoever uses it looks whether it is so. */
    private int place;

    /** Where the memory has it. A hint, too. */
    private int remembered;
    /** Whether the call that began last was sent here because it was remembered. */
    private boolean chosenByMemory;

    private LoadReport report = LoadReport.NONE;

    /** Nothing is known; as if {@code prior} answers of mean latency had come. */
    Latency(double prior) {
        forgive(prior);
    }

    /**
     * Books an answer, after what was booked before has lost all but {@code kept} of its weight.
     *
     * @param prior so many answers of mean latency are added to its own
     * @param failureCharge in mean latencies
     */
    void book(double latencyNanos, boolean isFailure, double kept, double prior, double failureCharge, long nowNanos) {
        double sum = nanos * kept + latencyNanos;
        double count = answers * kept + 1;
        double failed = isFailure || failures > 0 ? failures(kept, isFailure) : 0;
        nanos = (float) sum;
        answers = (float) count;
        failures = (float) failed;
        last = (float) (isFailure ? -latencyNanos : latencyNanos);
        answeredNanos = nowNanos;
        estimate(sum, count, prior, failed * failureCharge);
    }

    /** A thousandth of a failure is none. */
    private double failures(double kept, boolean isFailure) {
        double left = failures * kept + (isFailure ? 1 : 0);
        return left < 1e-3 ? 0 : left;
    }

    /** Notes an answer that is not booked: while it is fresh it counts as the last one, and nothing is learnt from it. */
    void note(double latencyNanos, long nowNanos) {
        last = (float) latencyNanos;
        answeredNanos = nowNanos;
    }

    private void estimate(double sum, double count, double prior, double charges) {
        double known = count + prior;
        double trust = count + SPARSITY;
        double quotient = 1 / (known * trust); // both divisions in one
        double perAnswer = trust * quotient;
        perOpen = (float) perAnswer;
        doubt = (float) (SPARSITY * known * quotient);
        expectedNanos = (float) (sum * perAnswer);
        expectedBesides = (float) ((prior + charges) * perAnswer);
    }

    static double doubt(double answers) {
        return SPARSITY / (answers + SPARSITY);
    }

    /** Nothing is known any more but the calls that are open. */
    void forgive(double prior) {
        nanos = 0;
        answers = 0;
        failures = 0;
        last = 0;
        estimate(0, 0, prior, 0);
        report = LoadReport.NONE;
    }

    double nanos() {
        return nanos;
    }

    double answers() {
        return answers;
    }

    double failures() {
        return failures;
    }

    /** The latency expected when the last answer was booked, in mean latencies. */
    double expected(double perMean) {
        return expectedNanos * perMean + expectedBesides;
    }

    double perOpen() {
        return perOpen;
    }

    double doubt() {
        return doubt;
    }

    /** Since the last answer; any time before the first. Below 0 if the clock went back. */
    long sinceAnswerNanos(long nowNanos) {
        return nowNanos - answeredNanos;
    }

    boolean wasAnswered() {
        return last != 0;
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

    /** {@link LoadReport#NONE} if there is none. */
    LoadReport report() {
        return report;
    }

    /** The report to write to. */
    LoadReport reporting() {
        LoadReport mine = report;
        if (mine == LoadReport.NONE) {
            mine = new LoadReport();
            report = mine;
        }
        return mine;
    }
}
