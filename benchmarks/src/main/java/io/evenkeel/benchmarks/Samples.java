package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured: for each variant and metric a row of numbers, one a round. Not thread-safe. */
final class Samples {

    private final Map<String, List<Double>> rows = new LinkedHashMap<>();

    void add(String variant, String metric, double value) {
        rows.computeIfAbsent(variant + "/" + metric, row -> new ArrayList<>()).add(value);
    }

    boolean has(String variant, String metric) {
        return rows.containsKey(variant + "/" + metric);
    }

    /** The row of a metric. */
    double[] of(String variant, String metric) {
        List<Double> row = rows.get(variant + "/" + metric);
        if (row == null) {
            throw new IllegalArgumentException("no row " + variant + "/" + metric + " in " + rows.keySet());
        }
        return row.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The sum of several variants, round by round. */
    double[] sum(String metric, String... variants) {
        double[] sum = of(variants[0], metric);
        for (int v = 1; v < variants.length; v++) {
            double[] more = of(variants[v], metric);
            Arrays.setAll(sum, round -> sum[round] + more[round]);
        }
        return sum;
    }

    double median(String variant, String metric) {
        return median(of(variant, metric));
    }

    /** The middle; of nothing, no number. */
    static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** One line a number, for another process to {@link #read}. */
    void print() {
        rows.forEach((row, values) -> values.forEach(value -> System.out.println(row + "=" + value)));
    }

    /** Adds the lines that another process printed. */
    void read(List<String> lines) {
        for (String line : lines) {
            int end = line.lastIndexOf('=');
            rows.computeIfAbsent(line.substring(0, end), row -> new ArrayList<>())
                    .add(Double.valueOf(line.substring(end + 1)));
        }
    }

    /** All rows, for JSON. */
    Map<String, List<Double>> rows() {
        return rows;
    }
}
