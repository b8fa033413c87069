package io.evenkeel.resilience;

/**
 * Follows a percentile of latencies in one number: each that is longer raises it a little, each that is shorter lowers it, in such
 * proportion that it rests where it should (Ma, Muthukrishnan and Sandler, Frugal Streaming for Estimating Quantiles, 2013; in steps of a part, as
 * latencies may be of any size).
 *
 * <p>Threads: any, without synchronisation: of two latencies at the same moment one may be lost.
 */
public final class Percentile {

    private static final double STEP = 0.05;
    private static final int SOME = 100;

    private final double up;
    private final double down;
    private double nanos;
    private int answers;

    /** Of such a part of the latencies, more than 0 and less than 1. */
    public Percentile(double part) {
        this.up = 1 + STEP * part;
        this.down = 1 / (1 + STEP * (1 - part));
    }

    /** A call took so long. */
    public void add(long latencyNanos) {
        double before = nanos;
        nanos = before == 0 ? Math.max(1, latencyNanos) : before * (latencyNanos > before ? up : down);
        if (answers < SOME) {
            answers++;
        }
    }

    /** Whether a hundred latencies have come, so that it can be gone by. */
    public boolean isKnown() {
        return answers >= SOME;
    }

    /** In nanoseconds. */
    public long nanos() {
        return (long) nanos;
    }
}
