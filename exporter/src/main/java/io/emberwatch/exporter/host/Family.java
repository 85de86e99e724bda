package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A metric that a collector reports again and again. Keeps the keys of its series, at most {@value #MAX_KEYS} of them, so
 * that their text is made once. Not safe for several threads.
 */
final class Family {
    private static final int MAX_KEYS = 4096;

    private final String name;
    private final MetricType type;
    private final String help;
    private final Map<List<String>, SeriesKey> keys = new HashMap<>();
    private List<MetricPoint> points = new ArrayList<>();
    private @Nullable SeriesKey bare;

    private Family(String name, MetricType type, String help) {
        this.name = name;
        this.type = type;
        this.help = help;
    }

    static Family gauge(String name, String help) {
        return new Family(name, MetricType.GAUGE, help);
    }

    static Family counter(String name, String help) {
        return new Family(name, MetricType.COUNTER, help);
    }

    static Family untyped(String name, String help) {
        return new Family(name, MetricType.UNKNOWN, help);
    }

    /** The series without labels. */
    void add(double value) {
        SeriesKey key = bare;
        if (key == null) {
            key = SeriesKey.of(name, Labels.EMPTY);
            bare = key;
        }
        add(key, value);
    }

    /** @param labels names and values in turn; empty values are no labels */
    void add(double value, String... labels) {
        if (keys.size() >= MAX_KEYS) {
            keys.clear();
        }
        add(keys.computeIfAbsent(List.of(labels), l -> key(labels)), value);
    }

    /** A series for whoever keeps it and adds to it again and again. */
    SeriesKey key(String... labels) {
        return SeriesKey.of(name, Labels.of(labels));
    }

    /** @param key one of this family's */
    void add(SeriesKey key, double value) {
        points.add(MetricPoint.of(key, value));
    }

    /** Moves what was added since the last time to {@code families}. */
    void flushTo(List<MetricFamily> families) {
        if (!points.isEmpty()) {
            families.add(MetricFamily.of(name, type, help, points));
            points = new ArrayList<>(points.size());
        }
    }
}
