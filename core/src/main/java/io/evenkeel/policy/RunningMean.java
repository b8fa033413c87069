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
    private int values;

    /** Of {@code window} values; one that is more than {@code clip} times the mean counts as that much. */
    RunningMean(int window, double clip) {
        this.window = window;
        this.clip = clip;
        this.leastShare = 1.0 / window;
    }

    /** As if there had been none. */
    void restart() {
        mean = 0;
    }

    void add(double value) {
        double before = mean;
        if (before == 0) {
            values = 1;
            mean = value;
            return;
        }
        double share = leastShare;
        if (values < window) {
            share = 1.0 / ++values;
        }
        double most = clip * before;
        mean = before + share * ((value < most ? value : most) - before);
    }

    /** How many there were, up to the window. */
    int values() {
        return values;
    }

    /** 0 before the first value. */
    double value() {
        return mean;
    }
}
