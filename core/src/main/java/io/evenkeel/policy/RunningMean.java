package io.evenkeel.policy;

/**
 * A mean over all replicas of a balancer, such as the latency of successful calls: what a replica's own is compared with.
 * The first values, as many as the window is long, count equally; then it is an exponential average.
 *
 * <p>Threads: any, without synchronisation: of two values that come at the same moment one may be lost.
 */
final class RunningMean {

    private final int window;
    private final double clip;
    private final double leastShare;
    private double mean;
    /** Kept beside it, since it is read far more often than written, and division is slow. */
    private double inverse;

    private int values;

    /** Of {@code window} values; one that is more than {@code clip} times the mean counts as that much. */
    RunningMean(int window, double clip) {
        this.window = window;
        this.clip = clip;
        this.leastShare = 1.0 / window;
    }

    void add(double value) {
        double before = mean;
        int number = Math.min(values + 1, window);
        if (number != values) {
            values = number;
        }
        double share = number == window ? leastShare : 1.0 / number;
        double after = before == 0 ? value : before + share * (Math.min(value, clip * before) - before);
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
