package io.emberwatch.model.text;

import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the formats ask of a page beyond their grammar: metadata once and first, the lines of a family together, names
 * that fit types, values that fit names.
 */
final class PageRules implements PageSink {
    private static final int EXEMPLAR_CODE_POINTS = 128;

    private final PageScanner scanner;
    private final boolean openMetrics;
    private final Set<String> families = new HashSet<>();
    private final Set<String> sampleNames = new HashSet<>();
    private @Nullable FamilyRules family;
    private String lastSample = "";

    PageRules(PageScanner scanner, boolean openMetrics) {
        this.scanner = scanner;
        this.openMetrics = openMetrics;
    }

    @Override
    public void type(String name, MetricType type) throws ParseException {
        metadata(name).type(type);
    }

    @Override
    public void help(String name, String help) throws ParseException {
        metadata(name).help();
    }

    @Override
    public void unit(String name, String unit) throws ParseException {
        metadata(name).unit(unit);
    }

    private FamilyRules metadata(String name) throws ParseException {
        FamilyRules current = family;
        if (current == null || !current.name().equals(name)) {
            return open(name);
        }
        if (current.hasSamples()) {
            throw scanner.lineError("expected the metadata of " + name + " before its samples");
        }
        return current;
    }

    private FamilyRules open(String name) throws ParseException {
        end();
        if (!families.add(name)) {
            throw scanner.lineError("expected the lines of " + name + " in one piece");
        }
        FamilyRules opened = new FamilyRules(name, openMetrics, scanner);
        family = opened;
        return opened;
    }

    /** Checks what can only be seen at the end of a family. */
    void end() throws ParseException {
        FamilyRules current = family;
        if (current != null) {
            current.end();
            for (String suffix : FamilyShape.suffixes(current.type(), openMetrics)) {
                if (!sampleNames.add(current.name() + suffix)) {
                    throw scanner.lineErrorAt(
                            current.place(), "two families claim the name " + current.name() + suffix);
                }
            }
        }
        family = null;
    }

    @Override
    public void sample(SeriesScanner series, double value, long timestampMillis) throws ParseException {
        if (openMetrics && series.hasCommaAtEnd()) {
            throw scanner.lineError("expected no comma behind the last label");
        }
        SeriesKey key = series.key();
        FamilyRules current = family;
        if (current == null || !current.takes(key.name())) {
            if (current != null && current.name().equals(key.name())) {
                throw scanner.lineError("expected a suffix on " + key.name() + ", a "
                        + current.type().text());
            }
            current = open(key.name());
        }
        current.sample(new MetricPoint(key, value, timestampMillis));
        lastSample = key.name();
    }

    @Override
    public void exemplar(SeriesScanner series) throws ParseException {
        MetricType type = family == null ? MetricType.UNKNOWN : family.type();
        boolean bucketed = type == MetricType.HISTOGRAM || type == MetricType.GAUGE_HISTOGRAM;
        boolean allowed =
                bucketed ? lastSample.endsWith("_bucket") : type == MetricType.COUNTER && lastSample.endsWith("_total");
        if (!allowed) {
            throw scanner.lineError("expected an exemplar only on a bucket or a counter's total");
        }
        if (series.labelCodePoints() > EXEMPLAR_CODE_POINTS) {
            throw scanner.lineError("expected at most " + EXEMPLAR_CODE_POINTS + " characters in an exemplar's labels");
        }
        series.checkLabelNames();
    }
}
