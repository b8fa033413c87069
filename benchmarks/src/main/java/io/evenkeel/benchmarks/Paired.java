package io.evenkeel.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * The median over pairs of one variant against another, with a 95 % interval by bootstrap.
 *
 * @param neutral what no difference would give: 1 for a ratio, 0 for a difference
 * @param median of all pairs
 * @param low 2.5th percentile of the median over resamples
 * @param high 97.5th percentile
 */
record Paired(double neutral, double median, double low, double high) {

    private static final int RESAMPLES = 2_000;

    static Paired ratio(double[] numerators, double[] denominators) {
        return of(1, numerators, denominators, (a, b) -> a / b);
    }

    static Paired difference(double[] first, double[] second) {
        return of(0, first, second, (a, b) -> a - b);
    }

    private static Paired of(double neutral, double[] first, double[] second, DoubleBinaryOperator compare) {
        double[] pairs = IntStream.range(0, first.length)
                .mapToDouble(i -> compare.applyAsDouble(first[i], second[i]))
                .toArray();
        if (pairs.length == 0) {
            return new Paired(neutral, Double.NaN, Double.NaN, Double.NaN);
        }
        Random random = new Random(pairs.length);
        double[] medians = new double[RESAMPLES];
        Arrays.setAll(
                medians,
                i -> Samples.median(random.ints(pairs.length, 0, pairs.length)
                        .mapToDouble(pair -> pairs[pair])
                        .toArray()));
        Arrays.sort(medians);
        int tail = RESAMPLES / 40;
        return new Paired(neutral, Samples.median(pairs), medians[tail], medians[RESAMPLES - 1 - tail]);
    }

    @Override
    public String toString() {
        String pattern = neutral == 0 ? "%.0f (%.0f to %.0f)" : "%.3f (%.3f to %.3f)";
        return String.format(Locale.ROOT, pattern, median, low, high);
    }
}
