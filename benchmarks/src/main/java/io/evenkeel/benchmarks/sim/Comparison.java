package io.evenkeel.benchmarks.sim;

import io.evenkeel.benchmarks.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a scenario gave, for each variant one set of figures a seed.
 *
 * @param scenario its name
 * @param runs by the variant's name, in order; the first is what the others are compared with
 */
public record Comparison(String scenario, Map<String, List<Figures>> runs) {

    private static final double MILLI = 1e6;

    /** One figure of a variant, over the seeds. */
    public Estimate of(String variant, ToDoubleFunction<Figures> figure) {
        return Estimate.of(values(variant, figure));
    }

    /** One figure of a variant, as a ratio to that of another: seed by seed, since both met the same calls. */
    public Estimate ratio(String variant, String to, ToDoubleFunction<Figures> figure) {
        double[] over = values(variant, figure);
        double[] under = values(to, figure);
        double[] ratios = new double[Math.min(over.length, under.length)];
        for (int seed = 0; seed < ratios.length; seed++) {
            ratios[seed] = over[seed] / under[seed];
        }
        return Estimate.of(ratios);
    }

    private double[] values(String variant, ToDoubleFunction<Figures> figure) {
        List<Figures> figures = runs.get(variant);
        if (figures == null) {
            throw new IllegalArgumentException("no variant " + variant + ": one of " + runs.keySet());
        }
        return figures.stream().mapToDouble(figure).toArray();
    }

    /** A row for each variant, below a row that names the columns; times in milliseconds. */
    public List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        String base = runs.keySet().iterator().next();
        rows.add(List.of(
                scenario,
                "mean, ms",
                "p50",
                "p90",
                "p99",
                "p99.9",
                "mean / first",
                "p99 / first",
                "lost, %",
                "repeats, %",
                "max / mean share"));
        runs.keySet()
                .forEach(variant -> rows.add(List.of(
                        variant,
                        of(variant, figures -> figures.mean() / MILLI).toString(),
                        brief(variant, figures -> figures.p50() / MILLI),
                        brief(variant, figures -> figures.p90() / MILLI),
                        brief(variant, figures -> figures.p99() / MILLI),
                        brief(variant, figures -> figures.p999() / MILLI),
                        variant.equals(base)
                                ? ""
                                : ratio(variant, base, Figures::mean).toString(),
                        variant.equals(base)
                                ? ""
                                : ratio(variant, base, Figures::p99).toString(),
                        brief(variant, figures -> 100 * figures.lost()),
                        brief(variant, figures -> 100 * figures.repeats()),
                        brief(variant, Figures::evenness))));
        return rows;
    }

    private String brief(String variant, ToDoubleFunction<Figures> figure) {
        return Estimate.number(of(variant, figure).mean());
    }

    /** Every figure of every run; times in nanoseconds. */
    public Map<String, Object> values() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("scenario", scenario);
        runs.forEach((variant, figures) ->
                all.put(variant, figures.stream().map(Comparison::values).toList()));
        return all;
    }

    private static Map<String, Object> values(Figures figures) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("calls", figures.calls());
        values.put("mean", figures.mean());
        values.put("p50", figures.p50());
        values.put("p90", figures.p90());
        values.put("p99", figures.p99());
        values.put("p999", figures.p999());
        values.put("errors", figures.errors());
        values.put("lost", figures.lost());
        values.put("evenness", figures.evenness());
        values.put("repeats", figures.repeats());
        values.put("probes", figures.probes());
        values.put("in rush", figures.inRush());
        values.put("recovery, s", figures.recovery());
        values.put("lost later", figures.lostLater());
        values.put("parts", figures.parts().stream().map(Comparison::values).toList());
        values.put("shares", figures.shares());
        return values;
    }

    private static Map<String, Object> values(Figures.Part part) {
        return Map.of("lost", part.lost(), "p99", part.p99(), "abroad", part.abroad());
    }

    /** {@link #values} in JSON. */
    public String json() {
        return Json.of(values());
    }

    /** The table, in Markdown. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : table()) {
            text.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (text.indexOf("\n") == text.length() - 1) {
                text.append("|---".repeat(row.size())).append("|\n");
            }
        }
        return text.toString();
    }
}
