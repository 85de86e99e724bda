package io.emberwatch.benchmarks.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines of points on two logarithmic axes as SVG; what grows in proportion is parallel to the dashed line. */
final class GrowthChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 520;
    private static final int LEFT = 70;
    private static final int TOP = 20;
    private static final int RIGHT = 45;
    private static final int BOTTOM = 130;
    private static final int MOST_X = 6;
    private static final int LEAST_Y = 0;
    private static final int MOST_Y = 6;
    private static final List<String> COLOURS = List.of("#0b6e99", "#c2571a", "#3f7d3a", "#7a4f9e");

    private final Map<String, List<double[]>> lines = new LinkedHashMap<>();

    /** Adds a point to a line, both coordinates 1 to a million. */
    void add(String line, double x, double y) {
        lines.computeIfAbsent(line, name -> new ArrayList<>()).add(new double[] {x, y});
    }

    private static double x(double value) {
        return LEFT + Math.log10(Math.max(1, value)) / MOST_X * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value) {
        double part = (Math.log10(Math.max(1, value)) - LEAST_Y) / (MOST_Y - LEAST_Y);
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    String svg() {
        StringBuilder out = new StringBuilder();
        out.append(text(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
                WIDTH, HEIGHT));
        for (int power = 0; power <= MOST_X; power++) {
            double at = Math.pow(10, power);
            out.append(text(
                    "<path d=\"M%.1f %dV%.1f\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%.1f\""
                            + " text-anchor=\"middle\">%,d</text>%n",
                    x(at), TOP, y(1), x(at), y(1) + 18, (long) at));
            out.append(text(
                    "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\""
                            + " text-anchor=\"end\">%s</text>%n",
                    LEFT, y(at), WIDTH - RIGHT, LEFT - 6, y(at) + 4, duration(at)));
        }
        out.append(text(
                "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#888\" stroke-dasharray=\"4 4\"/>%n",
                x(10), y(1), x(1e6), y(1e5)));
        int number = 0;
        for (Map.Entry<String, List<double[]>> line : lines.entrySet()) {
            draw(out, line.getKey(), line.getValue(), number++);
        }
        return out.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder out, String name, List<double[]> points, int number) {
        String colour = COLOURS.get(number % COLOURS.size());
        StringBuilder path = new StringBuilder();
        for (double[] point : points) {
            path.append(text("%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(point[0]), y(point[1])));
            out.append(text("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x(point[0]), y(point[1]), colour));
        }
        out.append(text("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", path, colour));
        double below = HEIGHT - BOTTOM + 46 + number * 18.0;
        out.append(text("<path d=\"M%d %.1fh24\" stroke=\"%s\" stroke-width=\"3\"/>", LEFT, below - 4, colour));
        out.append(text("<text x=\"%d\" y=\"%.1f\">%s</text>%n", LEFT + 32, below, name));
    }

    private static String duration(double micros) {
        if (micros >= 1e6) {
            return text("%.0f s", micros / 1e6);
        }
        return micros >= 1e3 ? text("%.0f ms", micros / 1e3) : text("%.0f µs", micros);
    }
}
