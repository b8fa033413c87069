package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** What the windows of an {@link OpenLoop} showed, by rows: a balancer in a scenario. Not thread-safe. */
final class TailFigures {

    /** Percentage of late calls from which on a window says more about the machine than about the balancer. */
    static final double MOST_LATE = 5;

    private final Samples samples = new Samples();
    private final Map<String, Histogram> latencies = new LinkedHashMap<>();

    void add(String row, OpenLoop.Window window, int odd) {
        samples.add(row, "p50", window.percentile(50));
        samples.add(row, "p99", window.percentile(99));
        samples.add(row, "late", window.late());
        samples.add(row, "odd", window.share(odd));
        samples.add(row, "failed", window.failed());
        if (window.late() <= MOST_LATE) {
            Histogram all = latencies.computeIfAbsent(row, name -> new Histogram(60_000_000_000L, 3));
            Arrays.stream(window.latencies()).forEach(all::recordValue);
        }
    }

    /** Of a whole turn, in percent. */
    void addFailed(String row, double percent) {
        samples.add(row, "failed in the turn", percent);
    }

    Samples samples() {
        return samples;
    }

    double[] failed(String row) {
        return samples.of(row, samples.has(row, "failed in the turn") ? "failed in the turn" : "failed");
    }

    /** The 99th percentiles of two rows, in windows that neither has late calls in. */
    Paired ratio(String numerator, String denominator) {
        int[] both = IntStream.of(clean(numerator))
                .filter(window -> IntStream.of(clean(denominator)).anyMatch(other -> other == window))
                .toArray();
        return Paired.ratio(where(both, numerator, "p99"), where(both, denominator, "p99"));
    }

    /** Over the windows without late calls. */
    double median(String row, String metric) {
        return Samples.median(where(clean(row), row, metric));
    }

    /** One line for each balancer that was in the scenario. */
    List<List<String>> table(String scenario, Collection<String> balancers) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of(
                "the odd one: " + scenario,
                "windows",
                "p50, ms",
                "p99, ms",
                "p99.9, ms",
                "failed, %",
                "at most, %",
                "answered by the odd one, %"));
        for (String balancer : balancers) {
            if (samples.has(balancer + ", " + scenario, "late")) {
                table.add(line(balancer, balancer + ", " + scenario));
            }
        }
        return table;
    }

    private List<String> line(String balancer, String row) {
        return List.of(
                balancer,
                clean(row).length + " of " + samples.of(row, "late").length,
                Report.number(median(row, "p50")),
                Report.number(median(row, "p99")),
                Report.number(
                        latencies.containsKey(row) ? latencies.get(row).getValueAtPercentile(99.9) / 1e6 : Double.NaN),
                percent(Samples.median(failed(row))),
                percent(Arrays.stream(failed(row)).max().orElseThrow()),
                percent(Arrays.stream(samples.of(row, "odd")).average().orElseThrow()));
    }

    private static String percent(double percent) {
        return String.format(Locale.ROOT, "%.2f", percent);
    }

    /** The windows that count. */
    private int[] clean(String row) {
        double[] late = samples.of(row, "late");
        return IntStream.range(0, late.length)
                .filter(window -> late[window] <= MOST_LATE)
                .toArray();
    }

    private double[] where(int[] windows, String row, String metric) {
        double[] all = samples.of(row, metric);
        return IntStream.of(windows).mapToDouble(window -> all[window]).toArray();
    }
}
