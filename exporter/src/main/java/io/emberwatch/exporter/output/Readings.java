package io.emberwatch.exporter.output;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that an output says, put together as families of one type each, and the faults in it.
 *
 * <p>Bounded: {@value #MAX_SAMPLES} samples; the first {@value #MAX_TOLD} faults are told, all are counted.
 */
public final class Readings {
    static final int MAX_SAMPLES = 100_000;
    private static final int MAX_TOLD = 5;

    private final String prefix;
    private final Labels labels;
    private final Map<String, MetricType> types = new LinkedHashMap<>();
    private final Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
    private final List<MetricFamily> whole = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private int samples;
    private int faultCount;

    /**
     * @param prefix stands before every name
     * @param labels of every sample that does not have them itself
     */
    public Readings(String prefix, Labels labels) {
        this.prefix = prefix;
        this.labels = labels;
    }

    void add(String name, Labels own, double value, long timestampMillis) {
        add(name, MetricType.UNKNOWN, own, value, timestampMillis);
    }

    void add(String name, MetricType type, Labels own, double value, long timestampMillis) {
        if (samples == MAX_SAMPLES) {
            fault("more than " + MAX_SAMPLES + " values");
            return;
        }
        samples++;
        String full = MetricNames.sanitize(prefix + name);
        types.putIfAbsent(full, type);
        points.computeIfAbsent(full, n -> new ArrayList<>())
                .add(new MetricPoint(SeriesKey.of(full, merged(own)), value, timestampMillis));
    }

    /** A family as it is, but for prefix and labels. */
    void add(MetricFamily family) {
        List<MetricPoint> renamed = new ArrayList<>(family.points().size());
        for (MetricPoint point : family.points()) {
            if (samples == MAX_SAMPLES) {
                fault("more than " + MAX_SAMPLES + " values");
                break;
            }
            samples++;
            renamed.add(new MetricPoint(
                    SeriesKey.of(prefix + point.key().name(), merged(point.key().labels())),
                    point.value(),
                    point.timestampMillis()));
        }
        whole.add(new MetricFamily(prefix + family.name(), family.type(), family.help(), family.unit(), renamed));
    }

    private Labels merged(Labels own) {
        if (labels.isEmpty()) {
            return own;
        }
        Labels.Builder merged = labels.toBuilder();
        for (int i = 0; i < own.size(); i++) {
            merged.set(own.name(i), own.value(i));
        }
        return merged.build();
    }

    void fault(String what) {
        faultCount++;
        if (faults.size() < MAX_TOLD) {
            faults.add(what.length() > 200 ? what.substring(0, 200) : what);
        }
    }

    /** What was understood. */
    public List<MetricFamily> families() {
        List<MetricFamily> families = new ArrayList<>(whole);
        points.forEach((name, list) ->
                families.add(MetricFamily.of(name, types.getOrDefault(name, MetricType.UNKNOWN), "", list)));
        return families;
    }

    /** What was not understood, the first of it. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** How many lines or values were not understood. */
    public int faultCount() {
        return faultCount;
    }

    /** The number that a text is, 1 and 0 for truth values, or NaN; {@code NaN} itself is no value here. */
    static double number(String text) {
        String trimmed = text.trim();
        if (trimmed.equalsIgnoreCase("true")) {
            return 1;
        } else if (trimmed.equalsIgnoreCase("false")) {
            return 0;
        } else if (trimmed.length() > 64) {
            return Double.NaN;
        }
        try {
            return FloatText.parse(trimmed);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
