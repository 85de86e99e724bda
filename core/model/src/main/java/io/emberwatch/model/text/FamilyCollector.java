package io.emberwatch.model.text;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sorts the lines of a page into families, in the order of their first line. */
final class FamilyCollector implements PageSink {
    private static final List<String> SUFFIXES = List.of("_bucket", "_count", "_sum");

    private final boolean openMetrics;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private @Nullable Family current;
    private String lastSample = "";

    FamilyCollector(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    @Override
    public void type(String family, MetricType type) {
        open(family).type = type;
    }

    @Override
    public void help(String family, String help) {
        open(family).help = help;
    }

    @Override
    public void unit(String family, String unit) {
        open(family).unit = unit;
    }

    private Family open(String name) {
        Family family = families.computeIfAbsent(name, Family::new);
        current = family;
        lastSample = "";
        return family;
    }

    @Override
    public void sample(PageScanner series, double value, long timestampMillis) throws ParseException {
        String name = series.metricName();
        Family family = current;
        if (family == null || !name.equals(lastSample)) {
            family = family != null && fits(family, name) ? family : familyOf(name);
            current = family;
            lastSample = name;
        }
        family.points.add(new MetricPoint(series.key(), value, timestampMillis));
    }

    private boolean fits(Family family, String sample) {
        return openMetrics
                ? FamilyShape.fitsOpenMetrics(family.type, family.name, sample)
                : FamilyShape.fitsPlain(family.type, family.name, sample);
    }

    private Family familyOf(String sample) {
        if (!openMetrics && !families.containsKey(sample)) {
            for (String suffix : SUFFIXES) {
                if (sample.endsWith(suffix)) {
                    Family family = families.get(sample.substring(0, sample.length() - suffix.length()));
                    if (family != null && fits(family, sample)) {
                        return family;
                    }
                }
            }
        }
        return families.computeIfAbsent(sample, Family::new);
    }

    List<MetricFamily> families() {
        List<MetricFamily> done = new ArrayList<>(families.size());
        for (Family family : families.values()) {
            String name = openMetrics ? FamilyShape.familyName(family.type, family.name) : family.name;
            done.add(new MetricFamily(name, family.type, family.help, family.unit, family.points));
        }
        return done;
    }

    private static final class Family {
        private final String name;
        private final List<MetricPoint> points = new ArrayList<>();
        private MetricType type = MetricType.UNKNOWN;
        private String help = "";
        private String unit = "";

        Family(String name) {
            this.name = name;
        }
    }
}
