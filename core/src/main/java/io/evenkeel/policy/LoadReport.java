package io.evenkeel.policy;

/** What a replica last said of its load, and what this client has sent there since. Threads: any, without synchronisation. */
final class LoadReport {

    /** In place of a report where there is none; nobody writes to it. */
    static final LoadReport NONE = new LoadReport();

    /** The shares of a report in the mean of a replica's reports; the first is set against the mean of all replicas. */
    private static final float FIRST = 0.25f;

    private static final float LATER = 0.05f;
    /** In mean latencies. */
    private static final double LONGEST_BELIEVED = 25;

    /** Calls in flight and one more; 0 before the first report. */
    private float calls;
    /** The mean of such. */
    private float usualCalls;
    /** In nanoseconds; NaN if it was not said. */
    private float latencyNanos;

    private long atNanos;
    /** Calls begun since. */
    private int sentSince;

    /** {@code mean} is that of the calls in flight, and one more, in the reports of all replicas. */
    void tell(double inFlight, double latencyNanos, double mean, long nowNanos) {
        float now = (float) inFlight + 1;
        boolean first = calls == 0;
        float before = first ? (float) mean : usualCalls;
        usualCalls = before + (first ? FIRST : LATER) * (now - before);
        sentSince = 0;
        this.latencyNanos = (float) latencyNanos;
        atNanos = nowNanos;
        calls = now;
    }

    void sent() {
        sentSince++;
    }

    /**
     * The latency that it lets expect, in mean latencies: what it says, or else {@code expected}, for so much more or
     * less in flight there than usually.
     */
    double expected(double expected, double perMean) {
        return Float.isNaN(latencyNanos) ? expected * calls / usualCalls : latencyNanos * perMean;
    }

    /**
     * How far it is to be believed still, to 1: it is forgotten over one mean latency, or over half of what it lets expect,
     * up to 25: a long queue lasts longer.
     */
    double belief(double expected, long nowNanos, double perMean) {
        return Decay.after((nowNanos - atNanos) * perMean / Math.clamp(expected / 2, 1, LONGEST_BELIEVED));
    }

    /**
     * How many times more there is in flight than was reported: the calls that were sent since come on top; and of those that
     * were on the way then it did not know: the replica has at least as many as this client has in flight.
     */
    double growth(int inFlight) {
        double told = calls;
        return Math.max(told + sentSince, inFlight + 1.0) / told;
    }
}
