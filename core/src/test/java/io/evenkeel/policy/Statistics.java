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

    /** Pearson's statistic, which has one degree of freedom less than there are cells. */
    static void assertUniform(long[] counts) {
        double expected = 0;
        for (long count : counts) {
            expected += (double) count / counts.length;
        }
        double statistic = 0;
        for (long count : counts) {
            statistic += (count - expected) * (count - expected) / expected;
        }
        assertThat(statistic).as("chi-square").isBetween(0.0, chiSquare(counts.length - 1));
    }

    /**
     * What a sum of so many squares stays below, but for five sigma: its cube root is all but normal, also if they are few (Wilson
     * and Hilferty, 1931).
     */
    static double chiSquare(int freedom) {
        double variance = 2 / (9.0 * freedom);
        return freedom * Math.pow(1 - variance + SIGMAS * Math.sqrt(variance), 3);
    }
}
