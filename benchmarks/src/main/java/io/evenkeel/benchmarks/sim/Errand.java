package io.evenkeel.benchmarks.sim;

/** A call that a client is to make, whatever it takes. */
class Errand {

    private final Tally tally;
    private final int client;
    private final String zone;
    private final long startNanos;
    private final double workNanos;
    private final boolean measured;

    /** Of a client, by its number, and its zone. */
    Errand(Tally tally, int client, String zone, long startNanos, double workNanos, boolean measured) {
        this.tally = tally;
        this.client = client;
        this.zone = zone;
        this.startNanos = startNanos;
        this.workNanos = workNanos;
        this.measured = measured;
    }

    double workNanos() {
        return workNanos;
    }

    /** An attempt goes to {@code origin}. */
    void sent(Origin origin, long nowNanos) {
        if (measured) {
            tally.sent(origin.number(), nowNanos, !origin.script().zone().equals(zone));
        }
    }

    /** The client has its answer, or none to hope for. */
    void ended(boolean well, long nowNanos) {
        if (measured) {
            tally.ended(well, client, startNanos, nowNanos - startNanos);
        }
    }
}
