package io.evenkeel.benchmarks.sim;

/**
 * What a client that tells two classes of calls apart tells its policy: the latency of a call as a ratio to the mean of its
 * class, times the mean of all; so that a replica that was sent a heavy call does not look slow.
 */
final class Classes {

    private static final int WINDOW = 50;

    private final long heavyNanos;
    private final Mean all = new Mean();
    private final Mean light = new Mean();
    private final Mean heavy = new Mean();

    /** Calls of at least so much work are a class of their own. */
    Classes(long heavyNanos) {
        this.heavyNanos = heavyNanos;
    }

    /** A call that is {@code workNanos} of work was answered after {@code latencyNanos}. */
    void answered(double workNanos, long latencyNanos) {
        all.add(latencyNanos);
        of(workNanos).add(latencyNanos);
    }

    /** What the policy is told of it; as it is while none of its class has been answered. */
    long told(double workNanos, long latencyNanos) {
        double mean = of(workNanos).value;
        return mean > 0 ? Math.round(latencyNanos / mean * all.value) : latencyNanos;
    }

    private Mean of(double workNanos) {
        return workNanos >= heavyNanos ? heavy : light;
    }

    /** Of all at first, then of some fifty. */
    private static final class Mean {

        private double value;
        private int counted;

        void add(long each) {
            counted = Math.min(WINDOW, counted + 1);
            value += (each - value) / counted;
        }
    }
}
