package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Clients that take turns, and a row of medians for each. */
final class Turns {

    private static final String FAILURES = "failures";

    private final Report report;
    private final int rounds;
    private final List<String> metrics;
    private final List<List<String>> figures = new ArrayList<>();

    /** {@code columns} are those of the table: what is called for, the client, one for each of {@code metrics}, and the failures. */
    Turns(Report report, int rounds, List<String> metrics, String... columns) {
        this.report = report;
        this.rounds = rounds;
        this.metrics = metrics;
        figures.add(List.of(columns));
    }

    /** Warms up, and measures; {@code load} is what they all have to do, {@code title} the same in full. */
    Samples take(String load, String title, Map<String, Rounds.Slice> slices, long seed) throws Exception {
        Rounds.run(slices, rounds / 6, 0);
        Samples samples = Rounds.run(slices, rounds, seed);
        report.samples(title, samples);
        for (String name : slices.keySet()) {
            figures.add(row(load, name, samples));
        }
        return samples;
    }

    private List<String> row(String load, String name, Samples samples) {
        List<String> row = new ArrayList<>(List.of(load, name));
        for (String metric : metrics) {
            row.add(Report.number(samples.median(name, metric)));
        }
        row.add(Report.number(Arrays.stream(samples.of(name, FAILURES)).sum()));
        return row;
    }

    List<List<String>> figures() {
        return figures;
    }
}
