package io.evenkeel.benchmarks.sim;

import org.HdrHistogram.Histogram;

/** Counts the calls that are made in a time of its own, beside all. */
final class Period {

    private final long startNanos;
    private final long endNanos;
    private final Histogram latencies = new Histogram(3);
    private long begun;
    private long answered;
    private long attempts;
    private long abroad;

    Period(long startNanos, long endNanos) {
        this.startNanos = startNanos;
        this.endNanos = endNanos;
        latencies.setAutoResize(true);
    }

    private boolean holds(long madeAtNanos) {
        return madeAtNanos >= startNanos && madeAtNanos < endNanos;
    }

    void begin(long madeAtNanos) {
        begun += holds(madeAtNanos) ? 1 : 0;
    }

    /** An attempt, to a replica of the caller's zone or of another. */
    void sent(long nowNanos, boolean toAnotherZone) {
        if (holds(nowNanos)) {
            attempts++;
            abroad += toAnotherZone ? 1 : 0;
        }
    }

    void answered(long madeAtNanos, long latencyNanos) {
        if (holds(madeAtNanos)) {
            answered++;
            latencies.recordValue(latencyNanos);
        }
    }

    Figures.Part figures() {
        return new Figures.Part(
                (double) (begun - answered) / begun,
                answered == 0 ? Double.NaN : latencies.getValueAtPercentile(99),
                (double) abroad / attempts);
    }
}
