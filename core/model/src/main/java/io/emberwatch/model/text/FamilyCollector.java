package io.emberwatch.model.text;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sorts the lines of a page into families, in the order of their first line. */
final class FamilyCollector implements PageSink {
    private static final List<String> SUFFIXES =
            List.of("_bucket", "_count", "_sum", "_total", "_created", "_info", "_gcount", "_gsum");

    private final boolean openMetrics;
    /** The newest family of a name as the page spells it. */
    private final Map<String, Family> byName = new HashMap<>();

    private final List<Family> inOrder = new ArrayList<>();
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

    // Metadata behind samples begins anew: Go's client writes counter x_total and gauge x as two families x.
    private Family open(String name) {
        Family family = byName.get(name);
        if (family == null || !family.points.isEmpty()) {
            family = add(name);
        }
        current = family;
        lastSample = "";
        return family;
    }

    private Family add(String name) {
        Family family = new Family(name);
        byName.put(name, family);
        inOrder.add(family);
        return family;
    }

    @Override
    public void sample(SeriesScanner series, double value, long timestampMillis) throws ParseException {
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
        return FamilyShape.fits(family.type, family.name, sample, openMetrics);
    }

    private Family familyOf(String sample) {
        Family family = byName.get(sample);
        if (family != null && fits(family, sample)) {
            return family;
        }
        for (String suffix : SUFFIXES) {
            if (sample.endsWith(suffix)) {
                family = byName.get(sample.substring(0, sample.length() - suffix.length()));
                if (family != null && fits(family, sample)) {
                    return family;
                }
            }
        }
        return add(sample);
    }

    /** What was collected; families that end up with the same name are one, with the first type and help given. */
    List<MetricFamily> families() {
        Map<String, Family> merged = new LinkedHashMap<>();
        for (Family family : inOrder) {
            String name = openMetrics ? FamilyShape.familyName(family.type, family.name) : family.name;
            Family first = merged.putIfAbsent(name, family);
            if (first != null) {
                first.merge(family);
            }
        }
        List<MetricFamily> families = new ArrayList<>(merged.size());
        merged.forEach((name, family) ->
                families.add(new MetricFamily(name, family.type, family.help, family.unit, family.points)));
        return families;
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

        void merge(Family later) {
            type = type == MetricType.UNKNOWN ? later.type : type;
            help = help.isEmpty() ? later.help : help;
            unit = unit.isEmpty() ? later.unit : unit;
            points.addAll(later.points);
        }
    }
}
