package io.emberwatch.exporter;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Families that are wrong in every way at once: few names, so that they meet, and many faults. */
final class RandomFamilies {
    private static final String[] NAMES = {"a", "b", "a_total", "b c", "9", "é", "a:b", "x_info", "a_created"};
    private static final String[] SUFFIXES = {"", "_bucket", "_sum", "_count", "_total", "_gsum", "_gcount", "_created"
    };
    private static final String[] LABELS = {"le", "quantile", "job", "a.b", "a-b", "__x", "0", "a"};
    private static final String[] VALUES = {"", "1", "+Inf", "0.5", "x\\y", "line\nbreak", "\"quoted\"", "\uD800", "é"};
    private static final List<MetricType> TYPES = List.of(MetricType.values());
    private static final double[] NUMBERS = {0, -1, 1e300, Double.NaN, Double.POSITIVE_INFINITY, 42};

    private RandomFamilies() {}

    static List<MetricFamily> make(Random random) {
        List<MetricFamily> families = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String name = pick(random, NAMES) + (random.nextInt(3) == 0 ? pick(random, SUFFIXES) : "");
            List<MetricPoint> points = new ArrayList<>();
            for (int j = random.nextInt(6); j > 0; j--) {
                String sample = random.nextInt(5) == 0 ? pick(random, NAMES) : name + pick(random, SUFFIXES);
                Labels.Builder labels = Labels.builder();
                for (int k = random.nextInt(4); k > 0; k--) {
                    labels.set(pick(random, LABELS), pick(random, VALUES));
                }
                points.add(MetricPoint.of(sample, labels.build(), NUMBERS[random.nextInt(NUMBERS.length)]));
            }
            MetricType type = TYPES.get(random.nextInt(TYPES.size()));
            families.add(MetricFamily.of(name, type, pick(random, VALUES), points));
        }
        return families;
    }

    private static String pick(Random random, String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
