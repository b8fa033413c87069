package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pick costs, as ratios to its floors in the same JVM and the same rounds; several JVMs for each size, since the
 * compiler's luck differs from one to the next.
 */
final class PickRatios {

    private static final List<Integer> SIZES = List.of(3, 10, 100, 1_000, 10_000);

    private final boolean brief;
    private final List<List<String>> goals = new ArrayList<>();
    private final List<List<String>> costs = new ArrayList<>();
    private final Report report = new Report("pick", "Select, acquire, complete");

    PickRatios(boolean brief) {
        this.brief = brief;
        goals.add(List.of("replicas", "threads", "ratio", "goal", "time", "CPU time", "control, CPU time", "verdict"));
        costs.add(List.of(
                "replicas",
                "threads",
                "round robin",
                "two choices",
                "bare breaker",
                "two clock reads",
                "the parts in one operation",
                "Evenkeel",
                "bytes",
                "one in 20 fails",
                "bytes",
                "without breaker",
                "bytes"));
    }

    void run() throws Exception {
        for (int size : brief ? List.of(10, 10_000) : SIZES) {
            Samples defaults = fork("defaults", size);
            Samples failures = fork("failures", size);
            Samples off = fork("no breaker", size);
            for (int threads = 1; threads <= 2; threads++) {
                costs(size, threads, defaults, failures, off);
                goals(size, threads, defaults, failures, off);
            }
        }
        Samples growth = fork("growth", 10_000);
        for (int threads = 1; threads <= 2; threads++) {
            growth(threads, growth);
        }
        write();
    }

    private Samples fork(String picks, int size) throws Exception {
        Samples samples = new Samples();
        int forks = brief ? 2 : 5;
        String rounds = brief ? "5" : "9";
        for (int fork = 0; fork < forks; fork++) {
            Forks.run(
                    PickFork.class, List.of(picks, String.valueOf(size), rounds, "40", String.valueOf(fork)), samples);
        }
        report.samples(picks + " " + size, samples);
        return samples;
    }

    private void costs(int size, int threads, Samples defaults, Samples failures, Samples off) {
        List<String> row = new ArrayList<>(List.of(String.valueOf(size), String.valueOf(threads)));
        for (String pick : List.of("round robin", "two choices", "bare breaker", "two clock reads", "together")) {
            row.add(Report.number(defaults.median(pick + "/" + threads, "cpu")));
        }
        for (Samples ours : List.of(defaults, failures, off)) {
            row.add(Report.number(ours.median("evenkeel/" + threads, "cpu")));
            row.add(Report.number(ours.median("evenkeel/" + threads, "bytes")));
        }
        costs.add(row);
    }

    private void goals(int size, int threads, Samples defaults, Samples failures, Samples off) {
        String at = "/" + threads;
        String ours = "evenkeel" + at;
        String[] parts = {"two choices" + at, "bare breaker" + at, "two clock reads" + at};
        goal(size, threads, "defaults / sum of parts", 1.3, defaults, ours, parts);
        goal(size, threads, "defaults / parts in one operation", 1.3, defaults, ours, "together" + at);
        goal(size, threads, "one in 20 fails: defaults / sum of parts", 1.3, failures, ours, parts);
        goal(size, threads, "no breaker / sum of parts", 1.5, off, ours, parts[0], parts[2]);
    }

    private void growth(int threads, Samples growth) {
        String at = "/" + threads;
        goal(
                10_000,
                threads,
                "10,000 against 10",
                Double.POSITIVE_INFINITY,
                growth,
                "evenkeel" + at,
                "evenkeel of 10" + at);
        goal(
                10_000,
                threads,
                "two choices, 10,000 against 10",
                Double.POSITIVE_INFINITY,
                growth,
                "two choices" + at,
                "two choices of 10" + at);
    }

    /** Both times are shown; the CPU's decides, for it does not count what other programs took. */
    private void goal(int size, int threads, String what, double limit, Samples samples, String ours, String... parts) {
        Paired control =
                Paired.ratio(samples.of("evenkeel again/" + threads, "cpu"), samples.of("evenkeel/" + threads, "cpu"));
        Goal cpu = Goal.atMost(limit, what, Paired.ratio(samples.of(ours, "cpu"), samples.sum("cpu", parts)), control);
        Paired time = Paired.ratio(samples.of(ours, "ns"), samples.sum("ns", parts));
        boolean wanted = Double.isFinite(limit);
        goals.add(List.of(
                String.valueOf(size),
                String.valueOf(threads),
                what,
                wanted ? cpu.goal() : "",
                time.toString(),
                cpu.measured().toString(),
                control.toString(),
                wanted ? cpu.verdict() : ""));
    }

    private void write() throws Exception {
        report.paragraph(
                "CPU nanoseconds and bytes allocated for one operation, medians. The floors are the smallest correct"
                        + " code, over as many real objects as there are replicas. \"The parts in one operation\" is written by"
                        + " hand, without Evenkeel: a clock read is a fence, so that where breakers miss the cache an operation with"
                        + " clock reads costs more than the sum of its parts.");
        report.table(costs);
        report.paragraph("Ratios, in the same rounds:");
        report.table(goals);
        report.write(!brief);
    }
}
