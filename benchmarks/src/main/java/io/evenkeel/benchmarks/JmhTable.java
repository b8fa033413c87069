package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs JMH, once for each number of threads, and shows its results as a table. */
final class JmhTable {

    private static final String FULL = "-prof gc";
    private static final String BRIEF = "-prof gc -f 1 -wi 2 -i 3 -p replicas=10,10000";

    private final boolean brief;
    private final Report report = new Report("jmh", "Select, acquire, complete: absolute figures");

    JmhTable(boolean brief) {
        this.brief = brief;
    }

    void run() throws Exception {
        String given = System.getProperty("bench.jmh", "");
        String arguments = !given.isEmpty() ? given : brief ? BRIEF : FULL;
        report.paragraph(
                "By JMH: nanoseconds an operation (with the half-width of a 99.9 % interval), and bytes where there"
                        + " are any. Benchmarks are not interleaved here, so compare with care.");
        for (int threads = 1; threads <= 2; threads++) {
            Collection<RunResult> results = new Runner(new OptionsBuilder()
                            .parent(new CommandLineOptions(arguments.split(" +")))
                            .exclude("PeerBenchmark") // the part peers runs it
                            .threads(threads)
                            .resultFormat(org.openjdk.jmh.results.format.ResultFormatType.JSON)
                            .result(Main.TARGET
                                    .resolve("jmh-" + threads + "-threads.json")
                                    .toString())
                            .build())
                    .run();
            report.paragraph("Threads: " + threads);
            report.table(table(results));
        }
        report.write(!brief && given.isEmpty());
    }

    private static List<List<String>> table(Collection<RunResult> results) {
        Map<Integer, String> sizes = new TreeMap<>();
        results.forEach(result -> sizes.put(Integer.valueOf(size(result)), size(result)));
        Map<String, List<String>> rows = new TreeMap<>();
        for (RunResult result : results) {
            String name = result.getPrimaryResult().getLabel();
            List<String> row = rows.computeIfAbsent(name, label -> emptyRow(label, sizes.size()));
            row.set(1 + List.copyOf(sizes.values()).indexOf(size(result)), cell(result));
        }
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("replicas"));
        head.addAll(sizes.values());
        table.add(head);
        table.addAll(rows.values());
        return table;
    }

    private static String size(RunResult result) {
        return result.getParams().getParam("replicas");
    }

    private static List<String> emptyRow(String label, int cells) {
        String[] row = new String[cells + 1];
        Arrays.fill(row, "");
        row[0] = label;
        return Arrays.asList(row);
    }

    private static String cell(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        String allocation = bytes == null || bytes.getScore() < 1 ? "" : ", " + Math.round(bytes.getScore()) + " B";
        return Report.number(time.getScore()) + " (" + Report.number(time.getScoreError()) + ")" + allocation;
    }
}
