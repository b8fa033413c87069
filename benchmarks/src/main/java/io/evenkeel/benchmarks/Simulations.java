package io.evenkeel.benchmarks;

import io.evenkeel.benchmarks.sim.Aim;
import io.evenkeel.benchmarks.sim.Comparison;
import io.evenkeel.benchmarks.sim.Estimate;
import io.evenkeel.benchmarks.sim.Figures;
import io.evenkeel.benchmarks.sim.KeyedChoice;
import io.evenkeel.benchmarks.sim.Pace;
import io.evenkeel.benchmarks.sim.Suite;
import io.evenkeel.benchmarks.sim.Suite.Part;
import io.evenkeel.benchmarks.sim.SuiteRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Policies side by side in the simulator's scenarios: a page of tables and charts, and JSON with every run. */
final class Simulations {

    private static final int THREADS = 2;
    /** After so many no more seeds are run than must be. */
    private static final int MINUTES = Integer.getInteger("bench.minutes", 120);

    private static final double MILLI = 1e6;

    private static final String WHOLE = """
            Written by `mvn -q -Pbench -Dbench=sim -Dbench.minutes=%d`: 5 seeds, and in so many minutes up to 20 for what something is aimed
            at, until that is known within 1 %%.
            """.formatted(MINUTES);
    private static final String BRIEF = """
            Written by a short run, `mvn -q -Pbench -Dbench=sim -Dbench.short=true`: a tenth of the calls, 5 seeds.
            """;

    private final boolean brief;
    private final StringBuilder page = new StringBuilder();
    private final Map<String, Object> json = new LinkedHashMap<>();

    Simulations(boolean brief) {
        this.brief = brief;
    }

    void run() throws Exception {
        List<Part> parts = Suite.parts(brief ? 0.1 : 1);
        List<Comparison> comparisons = new SuiteRun(
                        parts, Main.TARGET.resolve("simulated"), brief ? Duration.ZERO : Duration.ofMinutes(MINUTES))
                .run(THREADS);
        page.append("""
                # Simulated fleets

                """).append(brief ? BRIEF : WHOLE).append("""
                The library's own policies and balancers, on a [virtual clock](simulator.md). If nothing else is said, calls are 10 ms of
                work, exponentially distributed, on replicas of one slot where they queue; arrivals are Poisson, and the network takes no
                time. All variants of a scenario meet the same calls, seed by seed; shown are means, with 95 % intervals of Student's t. An
                aim is met when the interval's far end is within it. What was not answered long after the last call was made is endless.

                - *oracle*: the shortest queue for its speed, known without delay; *all-knowing*: two random replicas, compared so.
                - *told calls*, *told latency*: answers carry the calls in flight at the replica, and the latency it expects, too.
                - *Prequal*: three probes a call, as published, without error penalties.
                - Rows without "balancer" are policies alone: no ejection, no breaker, no deadline.
                - *hedging* and *by class* are the simulator's: what a client of that kind would reach. *No memory*, and its like, are the default
                  policy without one part, by a setting of it.
                - A run has 400,000 to a million calls, of which the first fifth is not measured.
                - *first evidence*: the first call that a client lost had been open for eight mean latencies, or had failed.

                """);
        aims(parts, comparisons);
        tally(parts, comparisons);
        charts(comparisons);
        for (Comparison comparison : comparisons) {
            page.append("\n## ").append(comparison.scenario()).append("\n\n").append(comparison);
            json.put(comparison.scenario(), comparison.values());
        }
        keys();
        pace();
        write();
        System.out.println(page);
    }

    private void pace() {
        page.append("\n## How fast the simulator is\n\n");
        List<List<String>> rows = Pace.table();
        for (int i = 0; i < rows.size(); i++) {
            page.append("| ")
                    .append(String.join(" | ", rows.get(i)))
                    .append(i == 0 ? " |\n|---|---|---|---|\n" : " |\n");
        }
    }

    private void keys() {
        page.append("\n## 11. keys by Zipf's law, 1 client with ten calls in flight for each replica\n\n")
                .append(
                        "Wanted: never more than 1.25 times the mean (rounded up to a whole call: 1.3), half of the calls where their"
                                + " key belongs, of 100 replicas at most 1.6 % of the keys moved when one goes (world-class: 1 %).\n\n")
                .append(
                        "| replicas, consistent hashing | most / mean in flight | the same, usually | where it belongs, % | keys"
                                + " moved, % | new to their replica, % |\n|---|---|---|---|---|---|\n");
        for (int replicas : List.of(50, 100)) {
            keys(replicas, true);
            keys(replicas, false);
        }
    }

    private void keys(int replicas, boolean bounded) {
        KeyedChoice found = KeyedChoice.run(replicas, brief ? 100_000 : 1_000_000, bounded, 1);
        List<String> row = List.of(
                replicas + (bounded ? ", bounded load" : ", unbounded"),
                Estimate.number(found.fullest()),
                Estimate.number(found.usual()),
                Estimate.number(100 * found.atFirst()),
                Estimate.number(100 * found.moved()),
                Estimate.number(100 * found.misses()));
        page.append("| ").append(String.join(" | ", row)).append(" |\n");
    }

    private void aims(List<Part> parts, List<Comparison> comparisons) {
        page.append(
                "| scenario | figure | of | found | goal | world-class | verdict |\n|---|---|---|---|---|---|---|\n");
        for (int i = 0; i < parts.size(); i++) {
            for (Aim aim : parts.get(i).aims()) {
                double times = aim.what().endsWith("share") ? 100 : 1;
                List<String> row = List.of(
                        comparisons.get(i).scenario(),
                        aim.what() + (times == 100 ? ", %" : ""),
                        aim.whose(),
                        aim.found(comparisons.get(i)).times(times).toString(),
                        Estimate.number(times * aim.goal()),
                        aim.best() < aim.goal() ? Estimate.number(times * aim.best()) : "",
                        aim.verdict(comparisons.get(i)));
                page.append("| ").append(String.join(" | ", row)).append(" |\n");
            }
        }
    }

    /** How many of the rows above, and of the scenarios, are what. */
    private void tally(List<Part> parts, List<Comparison> comparisons) {
        Map<String, Integer> rows = new TreeMap<>();
        Map<String, Boolean> best = new TreeMap<>();
        Map<String, Boolean> some = new TreeMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String number = parts.get(i).scenario().name().replaceAll("[.].*", "");
            for (Aim aim : parts.get(i).aims()) {
                String verdict = aim.verdict(comparisons.get(i));
                rows.merge(verdict, 1, Integer::sum);
                if (aim.best() < aim.goal()) {
                    best.merge(number, verdict.equals("world-class"), Boolean::logicalAnd);
                    some.merge(number, verdict.equals("world-class"), Boolean::logicalOr);
                }
            }
        }
        page.append("\nOf these rows: ").append(words(rows)).append(". Scenarios with a figure that is world-class: ");
        page.append(those(some))
                .append("; in which each that could be is: ")
                .append(those(best))
                .append(".\n");
    }

    private static String words(Map<String, Integer> rows) {
        return rows.entrySet().stream()
                .map(row -> row.getValue() + " " + row.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String those(Map<String, Boolean> scenarios) {
        return scenarios.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .map(Integer::valueOf)
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    private void charts(List<Comparison> all) throws IOException {
        List<String> shown = List.of(
                "shortest queue (oracle)",
                "round robin",
                "least request, two choices",
                "peak EWMA",
                "Prequal, 3 probes a call",
                Aim.ADAPTIVE,
                Aim.TOLD);
        chart(
                "sparsity",
                "1. Mean response in works, 90 % load, by clients",
                10,
                named(all, "1. "),
                List.of("1", "10", "100", "1000"),
                shown,
                figures -> figures.mean() / 10e6);
        chart(
                "unequal",
                "p99, ms",
                400,
                List.of(
                        one(all, "2. "),
                        one(all, "3. speeds"),
                        one(all, "4. one of 20 at speed 0.1, 60 %, 100 "),
                        one(all, "7. ")),
                List.of("2. mixed hardware", "3. neighbours", "4. one slow of 20", "7. rolling deploy"),
                shown,
                figures -> figures.p99() / MILLI);
        List<Comparison> ramp = named(all, "3. ramp");
        chart(
                "ramp",
                "3. p99 in ms on Prequal's ramp, by load over what is allotted",
                60,
                ramp,
                Suite.RAMP.stream().map(String::valueOf).toList(),
                shown,
                figures -> figures.p99() / MILLI);
        List<String> also = new ArrayList<>(shown.subList(1, shown.size()));
        also.add("default balancer, no repeats");
        also.add(Suite.BALANCER);
        chart(
                "failfast",
                "5. Lost calls, %, when one of 20 fails at once, by clients",
                10,
                named(all, "5. "),
                List.of("1", "20", "100"),
                also,
                figures -> 100 * figures.lost());
    }

    private void chart(
            String name,
            String title,
            double most,
            List<Comparison> comparisons,
            List<String> groups,
            List<String> variants,
            ToDoubleFunction<Figures> figure)
            throws IOException {
        BarChart chart = new BarChart(title, most, groups);
        for (String variant : variants) {
            chart.bars(
                    variant,
                    comparisons.stream()
                            .map(comparison -> comparison.of(variant, figure).mean())
                            .toList());
        }
        chart.write(directory().resolve("simulation-" + name + ".svg"));
        page.append("\n![").append(title).append("](simulation-").append(name).append(".svg)\n");
    }

    private static List<Comparison> named(List<Comparison> all, String start) {
        return all.stream().filter(each -> each.scenario().startsWith(start)).toList();
    }

    private static Comparison one(List<Comparison> all, String start) {
        return named(all, start).getFirst();
    }

    private Path directory() throws IOException {
        return Files.createDirectories(brief ? Main.TARGET : Main.DOCS);
    }

    private void write() throws IOException {
        Files.writeString(Main.TARGET.resolve("sim.json"), Json.of(json) + "\n");
        Files.writeString(directory().resolve("simulation.md"), page);
    }
}
