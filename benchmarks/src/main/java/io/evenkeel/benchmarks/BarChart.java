package io.evenkeel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Bars in groups as SVG. One that is higher than the chart is cut, and says how high it would be. */
final class BarChart {

    private static final List<String> COLOURS =
            List.of("#999", "#c33", "#e90", "#a6c", "#2a8", "#06c", "#08f", "#850", "#444");
    private static final int WIDTH = 760;
    private static final int HEIGHT = 340;
    private static final int LEFT = 50;
    private static final int TOP = 70;
    private static final int BOTTOM = 40;
    private static final int TICKS = 5;

    private final String title;
    private final double most;
    private final List<String> groups;
    private final Map<String, List<Double>> series = new LinkedHashMap<>();

    /** As high as {@code most}. */
    BarChart(String title, double most, List<String> groups) {
        this.title = title;
        this.most = most;
        this.groups = groups;
    }

    /** One bar a group. */
    BarChart bars(String name, List<Double> values) {
        series.put(name, values);
        return this;
    }

    void write(Path file) throws IOException {
        StringBuilder svg = new StringBuilder();
        svg.append(("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"11\">\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n")
                .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
        text(svg, WIDTH / 2.0, 18, "middle", "#000", title);
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = most * tick / TICKS;
            text(svg, LEFT - 6, y(value) + 4, "end", "#000", number(value));
            svg.append("<path d=\"M%d %sH%d\" stroke=\"#eee\"/>\n".formatted(LEFT, number(y(value)), WIDTH - 10));
        }
        for (int group = 0; group < groups.size(); group++) {
            text(svg, x(group + 0.5), HEIGHT - BOTTOM + 16, "middle", "#000", groups.get(group));
        }
        int number = 0;
        for (Map.Entry<String, List<Double>> each : new ArrayList<>(series.entrySet())) {
            draw(svg, each.getKey(), each.getValue(), number++);
        }
        Files.writeString(file, svg.append("</svg>\n"));
    }

    private void draw(StringBuilder svg, String name, List<Double> values, int number) {
        String colour = COLOURS.get(number % COLOURS.size());
        int perRow = 3;
        text(
                svg,
                LEFT + (number % perRow) * (WIDTH - LEFT) / (double) perRow,
                36 + 14 * (number / perRow),
                "start",
                colour,
                "■ " + name);
        double width = 0.86 / series.size();
        for (int group = 0; group < values.size(); group++) {
            double value = values.get(group);
            double top = y(Math.min(most, value));
            double left = x(group + 0.07 + number * width);
            svg.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n"
                    .formatted(
                            number(left),
                            number(top),
                            number(x(width) - x(0) - 1),
                            number(Math.max(0, y(0) - top)),
                            colour));
            if (value > most) {
                text(svg, left + 2, top - 3, "start", colour, Double.isInfinite(value) ? "∞" : number(value));
            }
        }
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String colour, String words) {
        svg.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n"
                .formatted(number(x), number(y), anchor, colour, words));
    }

    private double x(double group) {
        return LEFT + group * (WIDTH - LEFT - 10) / groups.size();
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.1f" : "%.0f", value);
    }
}
