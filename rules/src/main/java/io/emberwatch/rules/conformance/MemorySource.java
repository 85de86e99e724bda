package io.emberwatch.rules.conformance;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SeriesSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The series that a script has loaded. Not safe for several threads. */
final class MemorySource implements SeriesSource {
    private final Map<Labels, Series> stored = new LinkedHashMap<>();
    private final Map<Labels, String> unsupported = new LinkedHashMap<>();

    /** Adds points; one at a time that has a point already replaces it. */
    void add(Series added) {
        Series before = stored.get(added.labels());
        if (before == null) {
            stored.put(added.labels(), added);
            return;
        }
        TreeMap<Long, Integer> order = new TreeMap<>();
        double[] values = new double[before.size() + added.size()];
        for (int i = 0; i < values.length; i++) {
            Series from = i < before.size() ? before : added;
            int at = i < before.size() ? i : i - before.size();
            values[i] = from.values()[at];
            order.put(from.timestampsMillis()[at], i);
        }
        long[] times = new long[order.size()];
        double[] sorted = new double[order.size()];
        int n = 0;
        for (Map.Entry<Long, Integer> point : order.entrySet()) {
            times[n] = point.getKey();
            sorted[n++] = values[point.getValue()];
        }
        stored.put(added.labels(), new Series(added.labels(), times, sorted));
    }

    /** Marks a series as holding what the engine does not know. */
    void addUnsupported(Labels labels, String what) {
        unsupported.put(labels, what);
    }

    void clear() {
        stored.clear();
        unsupported.clear();
    }

    /** What the engine does not know of the series that match, or null. */
    @Nullable
    String unsupported(List<Matcher> matchers) {
        for (Map.Entry<Labels, String> series : unsupported.entrySet()) {
            if (matches(matchers, series.getKey())) {
                return series.getValue();
            }
        }
        return null;
    }

    @Override
    public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) {
        List<Series> selected = new ArrayList<>();
        for (Series series : stored.values()) {
            if (matches(matchers, series.labels())) {
                selected.add(series);
            }
        }
        return selected;
    }

    private static boolean matches(List<Matcher> matchers, Labels labels) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(labels)) {
                return false;
            }
        }
        return true;
    }
}
