package io.evenkeel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small line chart as SVG; both axes begin at zero. */
final class LineChart {

    private static final int WIDTH = 560;
    private static final int HEIGHT = 320;
    private static final int MARGIN = 50;
    private static final int TICKS = 6;

    private final String title;
    private final String below;
    private final List<Line> lines = new ArrayList<>();
    private double mostX;
    private double mostY;

    LineChart(String title, String below) {
        this.title = title;
        this.below = below;
    }

    LineChart line(String name, String colour, Map<Double, Double> points) {
        lines.add(new Line(name, colour, new TreeMap<>(points)));
        points.forEach((x, y) -> {
            mostX = Math.max(mostX, x);
            mostY = Math.max(mostY, y);
        });
        return this;
    }

    void write(Path file) throws IOException {
        StringBuilder svg = new StringBuilder();
        svg.append(("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n")
                .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
        text(svg, WIDTH / 2.0, 20, title, "middle", "#000");
        text(svg, WIDTH / 2.0, HEIGHT - 8, below, "middle", "#000");
        axes(svg);
        for (int line = 0; line < lines.size(); line++) {
            draw(svg, lines.get(line), MARGIN + 18 * line);
        }
        Files.writeString(file, svg.append("</svg>\n"));
    }

    private void axes(StringBuilder svg) {
        for (int tick = 0; tick <= TICKS; tick++) {
            double x = mostX * tick / TICKS;
            double y = mostY * tick / TICKS;
            text(svg, x(x), HEIGHT - MARGIN + 16, number(x), "middle", "#000");
            text(svg, MARGIN - 6, y(y) + 4, number(y), "end", "#000");
            svg.append("<path d=\"M%d %sH%d\" stroke=\"#eee\"/>\n".formatted(MARGIN, number(y(y)), WIDTH - MARGIN));
        }
    }

    private void draw(StringBuilder svg, Line line, double labelY) {
        StringBuilder points = new StringBuilder();
        line.points.forEach((x, y) ->
                points.append(number(x(x))).append(',').append(number(y(y))).append(' '));
        svg.append("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n"
                .formatted(points.toString().trim(), line.colour));
        text(svg, MARGIN + 12, labelY, line.name, "start", line.colour);
    }

    private static void text(StringBuilder svg, double x, double y, String words, String anchor, String colour) {
        svg.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n"
                .formatted(number(x), number(y), anchor, colour, words));
    }

    private double x(double x) {
        return MARGIN + x / mostX * (WIDTH - 2 * MARGIN);
    }

    private double y(double y) {
        return HEIGHT - MARGIN - y / mostY * (HEIGHT - 2 * MARGIN);
    }

    private static String number(double value) {
        return String.valueOf(Math.round(value));
    }

    private record Line(String name, String colour, Map<Double, Double> points) {}
}
