package io.emberwatch.e2e;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Series for random queries, an hour and a half of them.
 *
 * <p>Samples stand 100 to 400 ms after a full second while queries ask at full seconds, so that none lies on the bound of
 * a range: there Prometheus 2 and 3 differ. Values are multiples of an eighth, so that sums of them are exact in any
 * order.
 */
final class RandomSeries {
    static final long START = 1_700_000_000_000L;
    static final int MINUTES = 90;
    private static final double[] ODD = {
        0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.5, 3, -7, 1e9, 2, 100
    };
    private static final String[] BOUNDS = {"0.125", "0.5", "1.0", "2.0", "8.0", "+Inf"};

    private final Random random;
    private final List<Series> all = new ArrayList<>();

    private RandomSeries(long seed) {
        random = new Random(seed);
    }

    static List<Series> of(long seed) {
        RandomSeries series = new RandomSeries(seed);
        series.fill();
        series.all.sort(Comparator.comparing(Series::labels));
        return List.copyOf(series.all);
    }

    private void fill() {
        int number = 0;
        for (String job : List.of("api", "web", "batch")) {
            for (String instance : List.of("a:1", "b:1", "c:1")) {
                for (String code : List.of("200", "404", "500")) {
                    counter(Labels.of("__name__", "requests_total", "job", job, "instance", instance, "code", code));
                }
                number++;
                gauge(Labels.of("__name__", "load", "job", job, "instance", instance), number, 0.9);
                gauge(
                        Labels.of("__name__", "temp", "job", job, "instance", instance, "zone", "z" + number % 2),
                        number,
                        0.6);
                odd(Labels.of("__name__", "odd", "job", job, "instance", instance));
            }
            gauge(Labels.of("__name__", "limit", "job", job), 20 + number, 1);
            histogram(job);
        }
        gauge(Labels.of("__name__", "limit", "job", "other"), 40, 0.3);
        gauge(Labels.of("__name__", "info", "job", "api", "instance", "a:1", "version", "1.2.3"), 0, 1);
        gauge(Labels.of("__name__", "info", "job", "web", "instance", "b:1", "version", ""), 0, 0.5);
    }

    private static double eighths(double value) {
        return Math.rint(value * 8) / 8;
    }

    private interface Values {
        double at(int index);
    }

    /** @param share how many of the samples are there */
    private void add(Labels labels, int stepSeconds, double share, Values values) {
        int most = MINUTES * 60 / stepSeconds;
        long[] times = new long[most];
        double[] numbers = new double[most];
        int n = 0;
        int gap = random.nextInt(most);
        long phase = 1000L * random.nextInt(stepSeconds);
        for (int i = 0; i < most; i++) {
            double value = values.at(i);
            boolean inGap = share < 1 && i > gap && i < gap + 40 && random.nextInt(3) > 0;
            if (!inGap && random.nextDouble() < share) {
                times[n] = START + phase + 1000L * stepSeconds * i + 100 + random.nextInt(300);
                numbers[n++] = value;
            }
        }
        all.add(new Series(labels, java.util.Arrays.copyOf(times, n), java.util.Arrays.copyOf(numbers, n)));
    }

    private void counter(Labels labels) {
        // Far from zero, where Prometheus 2.51 changed how rates are extrapolated.
        double[] value = {100_000 + random.nextInt(100_000)};
        int slope = 1 + random.nextInt(40);
        add(labels, 15, random.nextBoolean() ? 1 : 0.85, i -> {
            value[0] =
                    random.nextInt(120) == 0 ? 3_000 + random.nextInt(8) : value[0] + random.nextInt(slope * 16) / 8.0;
            return value[0];
        });
    }

    private void gauge(Labels labels, int level, double share) {
        add(labels, 20, share, i -> eighths(level * 10 + 5 * Math.sin(i / 10.0 + level) + random.nextGaussian()));
    }

    private void odd(Labels labels) {
        add(labels, 30, 0.8, i -> random.nextInt(4) == 0 ? ODD[random.nextInt(ODD.length)] : random.nextInt(64) / 8.0);
    }

    private void histogram(String job) {
        long seed = random.nextLong();
        for (int bound = 0; bound < BOUNDS.length; bound++) {
            Random same = new Random(seed);
            double[] counts = new double[BOUNDS.length];
            java.util.Arrays.fill(counts, 1000);
            int own = bound;
            add(Labels.of("__name__", "latency_bucket", "job", job, "le", BOUNDS[bound]), 15, 1, i -> {
                for (int k = 0; k < 4; k++) {
                    int hit = same.nextInt(BOUNDS.length);
                    for (int b = hit; b < BOUNDS.length; b++) {
                        counts[b]++;
                    }
                }
                return counts[own] + 1000 * own;
            });
        }
    }

    /** The series as an OpenMetrics page with timestamps, for promtool to make blocks from. */
    static String page(List<Series> series) {
        StringBuilder page = new StringBuilder();
        String before = "";
        for (Series one : series) {
            String name = one.labels().metricName();
            if (!name.equals(before)) {
                // Unknown: the suffixes that a type asks for do not matter to queries.
                page.append("# TYPE ").append(name).append(" unknown\n");
                before = name;
            }
            for (int i = 0; i < one.size(); i++) {
                long time = one.timestampsMillis()[i];
                page.append(name);
                String separator = "{";
                for (int l = 0; l < one.labels().size(); l++) {
                    if (!one.labels().name(l).equals("__name__")) {
                        page.append(separator).append(one.labels().name(l)).append("=\"");
                        page.append(one.labels().value(l)).append('"');
                        separator = ",";
                    }
                }
                page.append("} ").append(FloatText.formatF(one.values()[i]));
                page.append(' ')
                        .append(time / 1000)
                        .append('.')
                        .append(String.format("%03d", time % 1000))
                        .append('\n');
            }
        }
        return page.append("# EOF\n").toString();
    }
}
