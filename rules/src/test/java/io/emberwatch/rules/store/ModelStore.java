package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.Matcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The store in its simplest form, to compare with. */
final class ModelStore {
    private final Map<Labels, TreeMap<Long, Long>> series = new LinkedHashMap<>();

    boolean append(Labels labels, long timestampMillis, double value) {
        TreeMap<Long, Long> points = series.computeIfAbsent(labels, key -> new TreeMap<>());
        if (!points.isEmpty() && points.lastKey() >= timestampMillis) {
            return false;
        }
        points.put(timestampMillis, Double.doubleToRawLongBits(value));
        return true;
    }

    /** Per series the raw bits of the values by time, series without any left out. */
    Map<Labels, Map<Long, Long>> select(List<Matcher> matchers, long mint, long maxt) {
        Map<Labels, Map<Long, Long>> found = new LinkedHashMap<>();
        series.forEach((labels, points) -> {
            if (matchers.stream().allMatch(matcher -> matcher.matches(labels)) && mint <= maxt) {
                Map<Long, Long> wanted = points.subMap(mint, true, maxt, true);
                if (!wanted.isEmpty()) {
                    found.put(labels, wanted);
                }
            }
        });
        return found;
    }
}
