package io.emberwatch.exporter.status;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metric families in the making, in the order in which they were first named. Not safe for several threads. */
public final class Families {
    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    /** @param labels names and values in turn; empty values are no labels */
    public void gauge(String name, String help, double value, String... labels) {
        add(MetricType.GAUGE, name, help, value, Labels.of(labels));
    }

    /** @param labels names and values in turn; empty values are no labels */
    public void counter(String name, String help, double value, String... labels) {
        add(MetricType.COUNTER, name, help, value, Labels.of(labels));
    }

    /** Adds a sample; type and help are those of the family's first. */
    public void add(MetricType type, String name, String help, double value, Labels labels) {
        drafts.computeIfAbsent(name, n -> new Draft(type, help)).points.add(MetricPoint.of(name, labels, value));
    }

    /** Adds whole families. */
    public void addAll(List<MetricFamily> families) {
        for (MetricFamily family : families) {
            drafts.computeIfAbsent(family.name(), n -> new Draft(family.type(), family.help()))
                    .points
                    .addAll(family.points());
        }
    }

    public List<MetricFamily> list() {
        List<MetricFamily> families = new ArrayList<>(drafts.size());
        drafts.forEach((name, draft) -> families.add(MetricFamily.of(name, draft.type, draft.help, draft.points)));
        return families;
    }

    private static final class Draft {
        private final MetricType type;
        private final String help;
        private final List<MetricPoint> points = new ArrayList<>();

        Draft(MetricType type, String help) {
            this.type = type;
            this.help = help;
        }
    }
}
