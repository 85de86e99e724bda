package io.emberwatch.exporter.sensor;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one field. Not safe for several threads; {@link SensorReadings} guards it. */
final class FieldReadings {
    private static final String DISTRIBUTION = "_distribution";
    private static final String REPEATS = "_repeats";

    private final FieldConfig config;
    private final SeriesKey key;
    private final SeriesKey repeatsKey;
    private final @Nullable Distribution distribution;
    private final @Nullable RepeatWindow repeats;
    private final long staleMillis;
    private double last;
    private long lastMillis = Long.MIN_VALUE;

    /** @param labels of every series, {@code sensor} among them */
    FieldReadings(FieldConfig config, Labels labels, Duration staleAfter) {
        this.config = config;
        String metric = config.metricName();
        key = SeriesKey.of(metric, labels);
        repeatsKey = SeriesKey.of(metric + REPEATS, labels);
        distribution = config.distribution() == null
                ? null
                : new Distribution(config.distribution(), metric + DISTRIBUTION, labels);
        repeats = config.repeats() == null
                ? null
                : new RepeatWindow(config.repeats().toMillis());
        staleMillis = staleAfter.toMillis();
    }

    void add(double value, long atMillis) {
        last = value;
        lastMillis = atMillis;
        if (distribution != null) {
            distribution.add(value);
        }
        if (repeats != null) {
            repeats.add(value, atMillis);
        }
    }

    /** Adds what there is to say; nothing when the last value is too old. */
    void addTo(List<MetricFamily> families, long nowMillis) {
        if (lastMillis == Long.MIN_VALUE || nowMillis - lastMillis > staleMillis) {
            return;
        }
        String metric = config.metricName();
        families.add(
                MetricFamily.of(metric, config.type().metricType(), config.help(), List.of(MetricPoint.of(key, last))));
        if (distribution != null) {
            families.add(MetricFamily.of(
                    metric + DISTRIBUTION,
                    MetricType.HISTOGRAM,
                    "Distribution of the values of " + metric + '.',
                    distribution.points()));
        }
        if (repeats != null) {
            families.add(MetricFamily.of(
                    metric + REPEATS,
                    MetricType.GAUGE,
                    "How often the most frequent value of " + metric + " came lately.",
                    List.of(MetricPoint.of(repeatsKey, repeats.mostFrequent(nowMillis)))));
        }
    }
}
