package io.evenkeel.benchmarks.sim;

/**
 * How a client without a balancer repeats calls that fail: at another replica, after a random time of up to 50 ms, twice that
 * before the third attempt and so on.
 *
 * @param attempts in all, at least 1
 * @param budget each call earns so much of a repeat, and up to ten are saved; infinite: no budget
 * @param cancels whether the server hears of calls that are given up, and may drop them
 */
public record Repeats(int attempts, double budget, boolean cancels) {

    /** No repeats. */
    public static final Repeats NONE = new Repeats(1, 0, true);

    /** Checks both numbers.
     *
     * @throws IllegalArgumentException naming the bad value and its range */
    public Repeats {
        if (attempts < 1 || !(budget >= 0)) {
            throw new IllegalArgumentException(
                    "attempts is " + attempts + " and budget " + budget + ", but must be at least 1 and 0");
        }
    }

    /** Up to {@code attempts} in all, whatever happens. */
    public static Repeats unlimited(int attempts) {
        return new Repeats(attempts, Double.POSITIVE_INFINITY, true);
    }

    /** A copy in which repeats are at most this share of the calls. */
    public Repeats withBudget(double budget) {
        return new Repeats(attempts, budget, cancels);
    }

    /** A copy that gives calls up silently. */
    public Repeats silently() {
        return new Repeats(attempts, budget, false);
    }
}
