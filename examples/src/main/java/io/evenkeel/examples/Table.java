package io.evenkeel.examples;

import io.evenkeel.BalancerStats;
import io.evenkeel.EndpointStats;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the quickstart prints: a row per second, and between the rows the events as they come.
 *
 * <p>Threads: any may tell of events, one prints the rest.
 */
final class Table implements AutoCloseable {

    private static final int WIDTH = 110;

    private final PrintStream out;
    private final List<Load.Sample> all = new ArrayList<>();
    private final Map<String, Long> answered = new HashMap<>();
    private long errors;
    private volatile boolean closed;

    Table(PrintStream out) {
        this.out = out;
    }

    void text(String line) {
        if (!closed) {
            out.println(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...");
        }
    }

    /** Something happened, and who did or saw it. */
    void event(String who, String what) {
        text("          " + who + ": " + what);
    }

    void head() {
        text("");
        text("second  requests  errors  p50 ms  p99 ms  replica-1       replica-2       replica-3       replica-4");
    }

    /** One second, with the calls that ended in it. */
    void row(int second, List<Load.Sample> samples, BalancerStats stats) {
        Map<String, Integer> seen = add(samples);
        Latencies latencies = Latencies.of(samples);
        text(String.format(Locale.ROOT, "%6d  %8d  %6d  ", second, samples.size(), sum(seen))
                + String.format(Locale.ROOT, "%6.1f  %6.1f", latencies.millis(0.5), latencies.millis(0.99))
                + shares(stats));
        tell(seen);
    }

    private void tell(Map<String, Integer> errors) {
        errors.forEach((error, count) -> event("caller", count + " x " + error));
    }

    /** The errors among the samples, and how often each was seen. */
    private Map<String, Integer> add(List<Load.Sample> samples) {
        Map<String, Integer> seen = new TreeMap<>();
        samples.forEach(sample -> sample.error().ifPresent(error -> seen.merge(error, 1, Integer::sum)));
        all.addAll(samples);
        errors += sum(seen);
        return seen;
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(count -> count).sum();
    }

    /** Who answered how many of the calls since the last row, and how the balancer sees each. */
    private String shares(BalancerStats stats) {
        long sum = stats.endpoints().stream().mapToLong(this::news).sum();
        StringBuilder cells = new StringBuilder();
        for (EndpointStats line : stats.endpoints()) {
            cells.append(String.format(Locale.ROOT, "  %3d%% %-9s", percent(news(line), sum), line.state()));
            answered.put(line.endpoint().id(), line.successes());
        }
        return cells.toString().stripTrailing();
    }

    private long news(EndpointStats line) {
        return line.successes() - answered.getOrDefault(line.endpoint().id(), 0L);
    }

    private static long percent(long part, long whole) {
        return Math.round(100.0 * part / Math.max(1, whole));
    }

    /** What it all came to, with the calls that ended after the last row. */
    void summary(List<Load.Sample> last, BalancerStats stats) {
        tell(add(last));
        Latencies latencies = Latencies.of(all);
        text("");
        text(String.format(Locale.ROOT, "%,d requests, %d errors seen by the caller, ", all.size(), errors)
                + String.format(Locale.ROOT, "%d attempts repeated on another replica", stats.repeats()));
        text(String.format(Locale.ROOT, "latency: p50 %.1f ms, ", latencies.millis(0.5))
                + String.format(Locale.ROOT, "p99 %.1f ms, max %.1f ms", latencies.millis(0.99), latencies.millis(1)));
        long sum =
                stats.endpoints().stream().mapToLong(EndpointStats::successes).sum();
        stats.endpoints().forEach(line -> text(summary(line, sum)));
    }

    private static String summary(EndpointStats line, long sum) {
        String counts =
                String.format(Locale.ROOT, "%5d calls (%d%%)", line.successes(), percent(line.successes(), sum));
        String why = line.reason().isEmpty() ? "" : ", " + line.reason();
        return line.endpoint().id() + ": answered " + counts + ", failed " + line.failures() + ", is " + line.state()
                + why;
    }

    /** Whether what is printed still reaches somebody: not when a program that started this one, or a pipe, has ended. */
    boolean isRead() {
        return !out.checkError();
    }

    /** How many errors the caller saw. */
    long errors() {
        return errors;
    }

    /** Prints nothing from now on. */
    @Override
    public void close() {
        closed = true;
    }
}
