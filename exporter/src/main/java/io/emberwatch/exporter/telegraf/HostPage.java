package io.emberwatch.exporter.telegraf;

import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the collectors of the host said at one moment, by name and labels. */
final class HostPage {
    private static final Logger logger = LoggerFactory.getLogger("telegraf");

    private final Map<String, Map<Labels, Double>> values = new HashMap<>();

    /** @param families what the collectors said */
    HostPage(List<MetricFamily> families) {
        for (MetricFamily family : families) {
            for (MetricPoint point : family.points()) {
                values.computeIfAbsent(point.key().name(), name -> new LinkedHashMap<>())
                        .put(point.key().labels(), point.value());
            }
        }
    }

    /** Asks every collector; one that cannot answer is missing from the page. */
    static HostPage read(HostCollectors host, Deadline deadline) {
        List<MetricFamily> families = new ArrayList<>();
        for (Source source : host.sources()) {
            try {
                families.addAll(source.samples().collect(deadline));
            } catch (IOException | RuntimeException e) {
                logger.debug("{}: {}", source.name(), e.getMessage());
            }
        }
        return new HostPage(families);
    }

    /** Every series of a metric, in the order of the page. */
    Set<Labels> series(String name) {
        return new LinkedHashSet<>(values.getOrDefault(name, Map.of()).keySet());
    }

    /** The value of one series; NaN when there is none. */
    double value(String name, Labels labels) {
        return values.getOrDefault(name, Map.of()).getOrDefault(labels, Double.NaN);
    }

    /** The value of a metric without labels; NaN when there is none. */
    double value(String name) {
        return value(name, Labels.EMPTY);
    }
}
