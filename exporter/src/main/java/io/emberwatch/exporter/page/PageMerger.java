package io.emberwatch.exporter.page;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one page of what many sources return, valid whatever they return: families of one name become one, of several
 * samples of one series the last one counts, a sample whose family has another type or that belongs to another family is
 * left out. Everything left out is counted by source and reason.
 */
public final class PageMerger {
    private final Counter dropped;

    public PageMerger(CollectorRegistry registry) {
        dropped = Counter.build(
                        "emberwatch_exporter_dropped_samples_total",
                        "Samples left out of the page: duplicate series, or a family that clashes with another.")
                .labelNames("source", "reason")
                .register(registry);
    }

    /** Makes a source's counters exist with 0. */
    public void announce(String source) {
        dropped.labels(source, "duplicate");
        dropped.labels(source, "conflict");
    }

    /** Merges the families of each source, in the order given; the first source to name a family says its type and help. */
    public List<MetricFamily> merge(Map<String, List<MetricFamily>> bySource) {
        Map<String, Merged> families = new LinkedHashMap<>();
        Map<SeriesKey, String> owners = new LinkedHashMap<>();
        bySource.forEach((source, collected) -> {
            for (MetricFamily family : collected) {
                add(families, owners, source, family);
            }
        });
        return families.values().stream().map(Merged::build).toList();
    }

    private void add(Map<String, Merged> families, Map<SeriesKey, String> owners, String source, MetricFamily family) {
        Merged merged = families.computeIfAbsent(family.name(), name -> new Merged(family));
        if (merged.first.type() != family.type()) {
            dropped.labels(source, "conflict").inc(family.points().size());
            return;
        }
        for (MetricPoint point : family.points()) {
            String owner = owners.putIfAbsent(point.key(), family.name());
            if (owner != null && !owner.equals(family.name())) {
                dropped.labels(source, "conflict").inc();
            } else if (merged.points.put(point.key(), point) != null) {
                dropped.labels(source, "duplicate").inc();
            }
        }
    }

    private static final class Merged {
        private final MetricFamily first;
        private final Map<SeriesKey, MetricPoint> points = new LinkedHashMap<>();

        Merged(MetricFamily first) {
            this.first = first;
        }

        MetricFamily build() {
            MetricType type = first.type();
            return new MetricFamily(first.name(), type, first.help(), first.unit(), new ArrayList<>(points.values()));
        }
    }
}
