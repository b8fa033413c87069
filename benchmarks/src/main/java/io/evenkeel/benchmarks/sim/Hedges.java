package io.evenkeel.benchmarks.sim;

/**
 * How a client without a balancer hedges: a call that takes longer than most is sent to another replica, too. The first answer
 * counts, and the other attempt is cancelled.
 *
 * @param percentile of the client's latencies lately, as a part of 1: what takes longer is hedged
 * @param share each call earns so much of a hedge, and up to ten are saved
 */
public record Hedges(double percentile, double share) {

    /** So many answers must be known before any call is hedged. */
    static final int LEAST_ANSWERS = 50;

    /** Checks both numbers.
     *
     * @throws IllegalArgumentException naming the bad values and their range */
    public Hedges {
        if (!(percentile > 0 && percentile < 1 && share > 0 && share <= 1)) {
            throw new IllegalArgumentException("percentile is " + percentile + " and share " + share
                    + ", but must be above 0, and less than 1 and at most 1");
        }
    }

    /** After the 95th percentile, and at most 5 % more calls. */
    public static Hedges defaults() {
        return new Hedges(0.95, 0.05);
    }
}
