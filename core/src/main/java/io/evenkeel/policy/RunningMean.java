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
    private static final double SHARE = 1.0 / WINDOW;
    private static final double CLIP = 10;

    private double mean;
    /** Kept beside it, since it is read far more often than written, and division is slow. */
    private double inverse;

    private int values;

    void add(double value) {
        double before = mean;
        int number = Math.min(values + 1, WINDOW);
        if (number != values) {
            values = number;
        }
        double share = number == WINDOW ? SHARE : 1.0 / number;
        double after = before == 0 ? value : before + share * (Math.min(value, CLIP * before) - before);
        mean = Math.max(1, after);
        inverse = 1 / Math.max(1, after);
    }

    /** At least 1; 0 before the first value. */
    double value() {
        return mean;
    }

    /** One by the mean, at most 1; 0 before the first value. */
    double inverse() {
        return inverse;
    }
}
