package io.evenkeel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one part found: a section in Markdown, and JSON with every sample. Full runs also put the section into {@code
 * docs/benchmarks.md}, in the place of the part's earlier one.
 */
final class Report {

    private static final String HEAD = """
            # Benchmarks

            Written by `mvn -q -Pbench`, which takes about an hour and a half, or part by part as each section says; with `-Dbench.short` a
            trial run of a few minutes leaves its figures in `benchmarks/target` only, where the samples (JSON) of all runs are. With
            `-Pbench,peers` other balancers of the JVM are fetched and measured, too: the part `peers`, and more rows in `tail`. All
            programs run on one machine, so that ratios say more than absolute figures.

            A ratio is the median of pairs that were measured in turns within one run, with a bootstrap 95 % interval in brackets; the
            control is the same thing against itself. A goal is met when the interval's pessimistic end passes. Where the control's
            interval is wider than what the goal leaves, the goal is not resolved by this run.
            """;

    private final String part;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Object> json = new LinkedHashMap<>();
    private final List<List<List<String>>> tables = new ArrayList<>();

    Report(String part, String title) {
        this.part = part;
        text.append("## ")
                .append(title)
                .append("\n\n`mvn -q -P")
                .append(Peers.present().isPresent() ? "bench,peers" : "bench")
                .append(" -Dbench=")
                .append(part)
                .append("` on ");
        text.append(machine()).append(".\n");
        json.put("machine", machine());
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, JDK "
                + Runtime.version().feature() + ", " + System.getProperty("os.name");
    }

    void paragraph(String words) {
        text.append('\n').append(words).append('\n');
    }

    /** The first row names the columns. */
    void table(List<List<String>> rows) {
        tables.add(rows);
        text.append('\n');
        for (int row = 0; row < rows.size(); row++) {
            text.append("| ").append(String.join(" | ", rows.get(row))).append(" |\n");
            if (row == 0) {
                text.append("|---".repeat(rows.get(0).size())).append("|\n");
            }
        }
    }

    /** One row a goal. */
    void goals(List<Goal> goals) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ratio", "goal", "measured", "control", "verdict"));
        goals.forEach(goal -> rows.add(List.of(
                goal.what(),
                goal.goal(),
                goal.measured().toString(),
                goal.control().toString(),
                goal.verdict())));
        table(rows);
    }

    /** Where a picture goes. */
    Path file(String name, boolean toDocs) throws IOException {
        return Files.createDirectories(toDocs ? Main.DOCS : Main.TARGET).resolve(name);
    }

    void samples(String name, Samples samples) {
        json.put(name, samples.rows());
    }

    /** Something for JSON only. */
    void put(String name, Object value) {
        json.put(name, value);
    }

    /** Rounded; what is no number is a dash. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(
                Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : Math.abs(value) < 100 ? "%.1f" : "%,.0f", value);
    }

    /** Prints the section and writes both files. */
    void write(boolean toDocs) throws IOException {
        System.out.println(text);
        json.put("tables", tables);
        Files.createDirectories(Main.TARGET);
        Files.writeString(Main.TARGET.resolve(part + ".json"), Json.of(json) + "\n");
        Files.writeString(Main.TARGET.resolve(part + ".md"), text);
        if (toDocs) {
            Path page = Main.DOCS.resolve("benchmarks.md");
            Files.createDirectories(Main.DOCS);
            Files.writeString(page, renewed(Files.exists(page) ? Files.readString(page) : ""));
        }
    }

    /** The page with this part's section renewed, and the others as they were. */
    private String renewed(String page) {
        StringBuilder renewed = new StringBuilder(HEAD);
        for (String each : Main.PARTS) {
            String begin = "\n<!-- " + each + " -->\n";
            String end = "\n<!-- end of " + each + " -->\n";
            int from = page.indexOf(begin);
            if (each.equals(part)) {
                renewed.append(begin).append(text).append(end);
            } else if (from >= 0) {
                renewed.append(page, from, page.indexOf(end, from) + end.length());
            }
        }
        return renewed.toString();
    }
}
