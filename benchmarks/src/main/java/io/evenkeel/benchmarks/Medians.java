package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** A table with a row of medians for each client. */
final class Medians {

    private static final String FAILURES = "failures";

    private final Report report;
    private final List<String> metrics;
    private final List<List<String>> rows = new ArrayList<>();

    /** {@code columns} are what is called for, the client, one for each of {@code metrics}, and the failures. */
    Medians(Report report, List<String> metrics, String... columns) {
        this.report = report;
        this.metrics = metrics;
        rows.add(List.of(columns));
    }

    /** Adds what was measured; {@code load} is what all {@code clients} had to do, {@code title} the same in full. */
    void add(String load, String title, Collection<String> clients, Samples samples) {
        report.samples(title, samples);
        for (String client : clients) {
            rows.add(row(load, client, samples));
        }
    }

    private List<String> row(String load, String client, Samples samples) {
        List<String> row = new ArrayList<>(List.of(load, client));
        for (String metric : metrics) {
            row.add(Report.number(samples.median(client, metric)));
        }
        row.add(Report.number(Arrays.stream(samples.of(client, FAILURES)).sum()));
        return row;
    }

    List<List<String>> rows() {
        return rows;
    }
}
