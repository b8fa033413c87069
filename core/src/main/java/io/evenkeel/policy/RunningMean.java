package io.evenkeel.policy;

/**
 * A mean over all replicas of a balancer, such as the latency of successful calls: what a replica's own is compared with.
 * The first 50 values count equally, then it is an exponential average with a share of 1/50 for each. One value counts with
 * at most ten times the mean.
 *
 * <p>Threads: any, without synchronisation: of two values that come at the same moment one may be lost.
 */
final class RunningMean {

    private static final int WINDOW = 50;
    private static final double CLIP = 10;

    private double mean;
    private int values;

    void add(double value) {
        double before = mean;
        if (before == 0) {
            mean = Math.max(1, value);
            return;
        }
        int share = Math.min(values + 2, WINDOW);
        values = share - 1;
        mean = Math.max(1, before + (Math.min(value, CLIP * before) - before) / share);
    }

    /** At least 1; 0 before the first value. */
    double value() {
        return mean;
    }
}
