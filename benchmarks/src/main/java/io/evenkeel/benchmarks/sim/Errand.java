package io.evenkeel.benchmarks.sim;

/** A call that a client is to make, whatever it takes. */
final class Errand {

    private final Tally tally;
    private final long startNanos;
    private final double workNanos;
    private final boolean measured;

    Errand(Tally tally, long startNanos, double workNanos, boolean measured) {
        this.tally = tally;
        this.startNanos = startNanos;
        this.workNanos = workNanos;
        this.measured = measured;
    }

    double workNanos() {
        return workNanos;
    }

    /** An attempt goes to {@code origin}. */
    void sent(Origin origin) {
        if (measured) {
            tally.sent(origin.number());
        }
    }

    /** The client has its answer, or none to hope for. */
    void ended(boolean well, long nowNanos) {
        if (measured) {
            tally.ended(well, startNanos, nowNanos - startNanos);
        }
    }
}
