package io.emberwatch.benchmarks.rules;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.FloatText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@link RangeQueryBenchmark} asks about: counters and histograms, a sample every ten seconds. */
final class RangeData {
    static final int POINTS = 1200;
    static final long STEP = 10_000;
    private static final List<String> BOUNDS =
            List.of("0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf");

    private RangeData() {}

    static List<Labels> series() {
        List<Labels> series = new ArrayList<>();
        for (String side : List.of("a", "b")) {
            series.add(Labels.of("__name__", side + "_one", "l", "0"));
            for (int i = 0; i < 100; i++) {
                series.add(Labels.of("__name__", side + "_hundred", "l", Integer.toString(i)));
            }
            for (int i = 0; i < 2000; i++) {
                series.add(Labels.of("__name__", side + "_2000", "l", Integer.toString(i)));
            }
        }
        for (int i = 0; i < 100; i++) {
            for (String bound : BOUNDS) {
                series.add(Labels.of("__name__", "h_hundred", "l", Integer.toString(i), "le", bound));
            }
        }
        return series;
    }

    static double value(int series, int point) {
        return point * (1 + series % 11) + series / 4096.0;
    }

    /** @param start of the first sample, milliseconds since the epoch */
    static void write(Path page, long start) throws IOException {
        List<Labels> all = series();
        try (BufferedWriter out = Files.newBufferedWriter(page)) {
            String before = "";
            for (int s = 0; s < all.size(); s++) {
                Labels labels = all.get(s);
                String name = labels.metricName();
                if (!name.equals(before)) {
                    out.write("# TYPE " + name + " unknown\n");
                    before = name;
                }
                String le = labels.has("le") ? ",le=\"" + labels.get("le") + '"' : "";
                String head = name + "{l=\"" + labels.get("l") + '"' + le + "} ";
                for (int point = 0; point < POINTS; point++) {
                    out.write(head);
                    out.write(FloatText.formatF(value(s, point)));
                    out.write(' ');
                    out.write(Long.toString((start + point * STEP) / 1000));
                    out.write('\n');
                }
            }
            out.write("# EOF\n");
        }
    }
}
