package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Staleness;
import io.emberwatch.rules.query.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Labels, values and matchers from a small world, so that they meet. */
final class RandomData {
    private static final String[] NAMES = {"a", "b", "job", "zone"};
    private static final String[] VALUES = {"x", "y", "z", "xy", "long value", "ü"};
    private static final String[] PATTERNS = {"x|y", "x.*", ".*", ".+", "", "[xyz]", "nothing", "(x|y)?"};

    private static final List<Matcher.Type> TYPES = List.of(Matcher.Type.values());

    private RandomData() {}

    static Labels labels(Random random) {
        Labels.Builder labels = Labels.builder().set(Labels.METRIC_NAME, random.nextBoolean() ? "m" : "n");
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                labels.set(name, VALUES[random.nextInt(3)]);
            }
        }
        return labels.build();
    }

    static double value(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> Staleness.STALE_NAN;
            case 1 -> Double.NaN;
            case 2 -> random.nextDouble();
            case 3 -> Double.POSITIVE_INFINITY;
            case 4, 5, 6 -> Math.rint(random.nextDouble() * 1000) / 10;
            default -> random.nextInt(100);
        };
    }

    static List<Matcher> matchers(Random random) {
        List<Matcher> matchers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Matcher.Type type = TYPES.get(random.nextInt(TYPES.size()));
            boolean regex = type == Matcher.Type.RE || type == Matcher.Type.NRE;
            String name = random.nextInt(4) == 0 ? Labels.METRIC_NAME : NAMES[random.nextInt(NAMES.length)];
            String value = regex
                    ? PATTERNS[random.nextInt(PATTERNS.length)]
                    : random.nextInt(5) == 0 ? "" : VALUES[random.nextInt(VALUES.length)];
            matchers.add(Matcher.of(type, name, value));
        }
        return matchers;
    }
}
