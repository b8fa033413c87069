package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** How far chance may stray: a right program fails one of these once in some million runs, and seeds do not change. */
final class Statistics {

    private static final double SIGMAS = 5;

    private Statistics() {}

    /**
     * Each count is binomial: of {@code n} draws, index i takes {@code n p_i} with the standard deviation
     * {@code sqrt(n p_i (1 - p_i))}. One more for counts so rare that they are not normal, and {@code slack}, a share of
     * the draws, for a closed form that is itself rounded.
     */
    static void assertShares(long[] counts, double[] shares, double slack) {
        long n = 0;
        for (long count : counts) {
            n += count;
        }
        for (int i = 0; i < counts.length; i++) {
            double expected = n * shares[i];
            double tolerance = SIGMAS * Math.sqrt(expected * (1 - shares[i])) + 1 + n * slack;
            assertThat((double) counts[i]).as("draws of %d", i).isCloseTo(expected, within(tolerance));
        }
    }

    /** Pearson's statistic has the mean k - 1 and the variance 2 (k - 1), and is all but normal for many cells. */
    static void assertUniform(long[] counts) {
        double expected = 0;
        for (long count : counts) {
            expected += (double) count / counts.length;
        }
        double statistic = 0;
        for (long count : counts) {
            statistic += (count - expected) * (count - expected) / expected;
        }
        int freedom = counts.length - 1;
        assertThat(statistic).as("chi-square").isBetween(0.0, freedom + SIGMAS * Math.sqrt(2.0 * freedom));
    }
}
