package io.emberwatch.exporter.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Families that were found to be in order once. A source that keeps its keys has the same family, with other values, on
 * every page; that is seen from the keys being the same objects. Of at most {@value #MOST} families.
 */
final class KnownFamilies {
    private static final int MOST = 8192;
    private static final SeriesKey[] CHANGING = {};

    private final Map<String, Shape> shapes = new ConcurrentHashMap<>();

    /** The keys of a family, in their order; none of a family whose source makes new ones every time. */
    private static final class Shape {
        private final MetricType type;
        private final SeriesKey[] keys;

        Shape(MetricType type, SeriesKey[] keys) {
            this.type = type;
            this.keys = keys;
        }

        @SuppressWarnings("ReferenceEquality") // equal keys would have to be compared; the same ones are known to be
        boolean isThatOf(MetricFamily family, List<MetricPoint> points) {
            if (keys.length != points.size() || type != family.type()) {
                return false;
            }
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] != points.get(i).key()) {
                    return false;
                }
            }
            return keys.length > 0;
        }
    }

    /** Whether every sample of the family can be shown as it is: names valid and the family's own, no series twice. */
    boolean isSound(MetricFamily family) {
        List<MetricPoint> points = family.points();
        Shape known = shapes.get(family.name());
        if (known != null && known.isThatOf(family, points)) {
            return true;
        }
        if (!check(family, points)) {
            return false;
        }
        if (known != null || shapes.size() < MOST) {
            boolean changing = known != null && known.keys.length == points.size() && isNew(known.keys, points);
            SeriesKey[] keys = changing || (known != null && known.keys == CHANGING)
                    ? CHANGING
                    : points.stream().map(MetricPoint::key).toArray(SeriesKey[]::new);
            shapes.put(family.name(), new Shape(family.type(), keys));
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // of equal keys that are not the same the source makes new ones
    private static boolean isNew(SeriesKey[] keys, List<MetricPoint> points) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == points.get(i).key()) {
                return false;
            }
        }
        return true;
    }

    private static boolean check(MetricFamily family, List<MetricPoint> points) {
        if (!MetricNames.isMetricName(family.name())) {
            return false;
        }
        Set<SeriesKey> seen = new HashSet<>();
        for (MetricPoint point : points) {
            SeriesKey key = point.key();
            if (!FamilyNames.belongs(family.type(), family.name(), key.name())
                    || !MetricNames.isMetricName(key.name())
                    || !hasValidNames(key.labels())
                    || !FamilyNames.hasBound(family.type(), family.name(), key)
                    || !seen.add(key)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasValidNames(Labels labels) {
        for (int i = 0; i < labels.size(); i++) {
            if (!MetricNames.isLabelName(labels.name(i))) {
                return false;
            }
        }
        return true;
    }
}
