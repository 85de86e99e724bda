package io.emberwatch.service.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registry for parts that are begun anew while the process lives: a collector takes the place of the one of the same name,
 * and a counter goes on from where that one was. Gauges, histograms and summaries begin anew.
 *
 * <p>Whoever counted on the collector replaced must have stopped before.
 */
public final class CarryingRegistry extends CollectorRegistry {
    private final Map<String, Collector> byName = new HashMap<>();

    @Override
    public synchronized void register(Collector collector) {
        if (!(collector instanceof Collector.Describable describable)) {
            super.register(collector);
            return;
        }
        List<Collector.MetricFamilySamples> described = describable.describe();
        for (Collector.MetricFamilySamples family : described) {
            Collector before = byName.get(family.name);
            if (before != null) {
                unregister(before);
                carry(before, collector);
            }
        }
        super.register(collector);
        described.forEach(family -> byName.put(family.name, collector));
    }

    @Override
    public synchronized void unregister(Collector collector) {
        byName.values().removeIf(registered -> registered == collector);
        super.unregister(collector);
    }

    @Override
    public synchronized void clear() {
        byName.clear();
        super.clear();
    }

    private static void carry(Collector before, Collector after) {
        if (!(before instanceof Counter) || !(after instanceof Counter counter)) {
            return;
        }
        for (Collector.MetricFamilySamples family : before.collect()) {
            for (Collector.MetricFamilySamples.Sample sample : family.samples) {
                if (sample.name.endsWith("_total")) {
                    Counter.@Nullable Child child = child(counter, sample.labelValues);
                    if (child != null) {
                        child.inc(sample.value);
                    }
                }
            }
        }
    }

    // Null when the counter has other labels than before.
    private static Counter.@Nullable Child child(Counter counter, List<String> labelValues) {
        try {
            return counter.labels(labelValues.toArray(String[]::new));
        } catch (IllegalArgumentException otherLabels) {
            return null;
        }
    }
}
