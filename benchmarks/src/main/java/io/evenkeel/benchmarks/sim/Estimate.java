package io.evenkeel.benchmarks.sim;

import java.util.Arrays;
import java.util.Locale;

/**
 * A mean over seeds, with what a 95 % interval reaches to each side.
 *
 * @param mean of the values
 * @param reach by Student's t; not a number for one value
 */
public record Estimate(double mean, double reach) {

    /** Student's t for 95 %, by degrees of freedom from 1 on. */
    private static final double[] T = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086
    };

    /** Of one value a seed. */
    public static Estimate of(double[] values) {
        int n = values.length;
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double t = n < 2 ? Double.NaN : n - 2 < T.length ? T[n - 2] : 1.96;
        return new Estimate(mean, t * Math.sqrt(squares / (n - 1.0) / n));
    }

    /** So many times this. */
    public Estimate times(double factor) {
        return new Estimate(factor * mean, factor * reach);
    }

    double low() {
        return mean - reach;
    }

    double high() {
        return mean + reach;
    }

    /** Both, or the mean only if nothing is known of the other. */
    @Override
    public String toString() {
        return Double.isNaN(reach) ? number(mean) : number(mean) + " ± " + number(reach);
    }

    /** With three digits or so. */
    public static String number(double value) {
        if (Double.isInfinite(value)) {
            return "endless";
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", value);
    }
}
