package io.emberwatch.model.text;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules for one family of a page. */
final class FamilyRules {
    private final String name;
    private final boolean openMetrics;
    private final PageScanner scanner;
    private final Set<Position> seen = new HashSet<>();
    /** The metrics of the family: what shares all labels but le, quantile and the state. */
    private final Map<Labels, MetricRules> metrics = new LinkedHashMap<>();

    private @Nullable MetricType type;
    private @Nullable String unit;
    private boolean helped;
    private int place;
    private @Nullable MetricRules current;

    private record Position(SeriesKey key, long timestampMillis) {}

    FamilyRules(String name, boolean openMetrics, PageScanner scanner) {
        this.name = name;
        this.openMetrics = openMetrics;
        this.scanner = scanner;
        this.place = scanner.position();
    }

    String name() {
        return name;
    }

    MetricType type() {
        return type == null ? MetricType.UNKNOWN : type;
    }

    /** Where the last of the family's samples stands. */
    int place() {
        return place;
    }

    boolean hasSamples() {
        return current != null;
    }

    void type(MetricType given) throws ParseException {
        if (type != null) {
            throw scanner.lineError("second TYPE of " + name);
        }
        type = given;
        checkUnit();
    }

    void help() throws ParseException {
        if (helped) {
            throw scanner.lineError("second HELP of " + name);
        }
        helped = true;
    }

    void unit(String given) throws ParseException {
        if (unit != null) {
            throw scanner.lineError("second UNIT of " + name);
        }
        unit = given;
        checkUnit();
    }

    private void checkUnit() throws ParseException {
        boolean unitless = type == MetricType.INFO || type == MetricType.STATESET;
        if (unitless && unit != null && !unit.isEmpty()) {
            throw scanner.lineError("expected no unit for an info or a stateset");
        }
    }

    boolean takes(String sample) {
        return FamilyShape.fits(type(), name, sample, openMetrics);
    }

    void sample(MetricPoint point) throws ParseException {
        if (!seen.add(new Position(point.key(), point.timestampMillis()))) {
            throw scanner.lineError(point.key() + " occurs twice");
        }
        Labels labels = metricLabels(point);
        place = scanner.position();
        MetricRules metric = metrics.get(labels);
        if (metric == null) {
            metric = new MetricRules(type(), openMetrics, scanner);
            metrics.put(labels, metric);
        } else if (openMetrics && metric != current) {
            throw scanner.lineError("expected the samples of " + name + labels + " in one piece");
        }
        current = metric;
        metric.sample(point.key().name().substring(name.length()), point);
    }

    private Labels metricLabels(MetricPoint point) throws ParseException {
        SeriesKey key = point.key();
        String extra = switch (type()) {
            case HISTOGRAM, GAUGE_HISTOGRAM -> key.name().endsWith("_bucket") ? "le" : "";
            case SUMMARY -> key.name().equals(name) ? "quantile" : "";
            case STATESET -> name;
            default -> "";
        };
        if (extra.isEmpty()) {
            return key.labels();
        }
        if (!key.labels().has(extra)) {
            throw scanner.lineError("expected a label " + extra + " on " + key.name());
        }
        return key.labels().without(extra);
    }

    void end() throws ParseException {
        for (MetricRules metric : metrics.values()) {
            metric.end();
        }
    }
}
