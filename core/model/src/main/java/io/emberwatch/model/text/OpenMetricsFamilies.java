package io.emberwatch.model.text;

import io.emberwatch.model.MetricType;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order that OpenMetrics 1.0 asks of a page: metadata once and before the samples, a family's lines together, sample
 * names that fit the type.
 */
final class OpenMetricsFamilies {
    private final Set<String> closed = new HashSet<>();
    private @Nullable String family;
    private @Nullable MetricType type;
    private @Nullable String unit;
    private boolean helped;
    private boolean sampled;
    private String sample = "";
    private boolean sampleTakesExemplar;

    void type(String name, MetricType given, PageScanner scanner) throws ParseException {
        open(name, scanner);
        if (type != null) {
            throw scanner.error("second TYPE of " + name);
        }
        type = given;
        checkUnit(scanner);
    }

    void help(String name, PageScanner scanner) throws ParseException {
        open(name, scanner);
        if (helped) {
            throw scanner.error("second HELP of " + name);
        }
        helped = true;
    }

    void unit(String name, String given, PageScanner scanner) throws ParseException {
        open(name, scanner);
        if (unit != null) {
            throw scanner.error("second UNIT of " + name);
        }
        unit = given;
        if (!given.isEmpty() && !name.endsWith("_" + given)) {
            throw scanner.error("expected a metric name that ends in its unit, _" + given);
        }
        checkUnit(scanner);
    }

    private void checkUnit(PageScanner scanner) throws ParseException {
        boolean unitless = type == MetricType.INFO || type == MetricType.STATESET;
        if (unitless && unit != null && !unit.isEmpty()) {
            throw scanner.error("expected no unit for an info or a stateset");
        }
    }

    private void open(String name, PageScanner scanner) throws ParseException {
        if (!name.equals(family)) {
            start(name, scanner);
        } else if (sampled) {
            throw scanner.error("expected the metadata of " + name + " before its samples");
        }
    }

    private void start(String name, PageScanner scanner) throws ParseException {
        if (family != null) {
            closed.add(family);
        }
        if (closed.contains(name)) {
            throw scanner.error("expected the lines of " + name + " in one piece");
        }
        family = name;
        type = null;
        unit = null;
        helped = false;
        sampled = false;
        sample = "";
    }

    /** Checks the name of the series that was just read and began at {@code from}. */
    void sample(PageScanner scanner, int from) throws ParseException {
        String name = scanner.metricName();
        if (!name.equals(sample)) {
            if (family == null || !FamilyShape.fitsOpenMetrics(typeOrUnknown(), family, name)) {
                if (name.equals(family)) {
                    scanner.back(from);
                    throw scanner.error("expected a suffix on " + name + ", a "
                            + typeOrUnknown().text());
                }
                // Whatever does not fit is a family of its own, of unknown type.
                start(name, scanner);
            }
            sample = name;
            sampleTakesExemplar = takesExemplar(typeOrUnknown(), name);
        }
        sampled = true;
    }

    private MetricType typeOrUnknown() {
        return type == null ? MetricType.UNKNOWN : type;
    }

    private static boolean takesExemplar(MetricType type, String name) {
        return switch (type) {
            case COUNTER -> name.endsWith("_total");
            case HISTOGRAM, GAUGE_HISTOGRAM -> name.endsWith("_bucket");
            default -> false;
        };
    }

    boolean takesExemplar() {
        return sampleTakesExemplar;
    }
}
