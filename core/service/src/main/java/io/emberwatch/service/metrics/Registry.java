package io.emberwatch.service.metrics;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;

/**
 * Shows simpleclient collectors as metric families. The one place that knows simpleclient's {@code
 * MetricFamilySamples}: their counters lose and regain {@code _total} and carry {@code _created} samples, which are
 * left out, and their count stands before their sum.
 */
public final class Registry {
    private Registry() {}

    public static List<MetricFamily> families(CollectorRegistry registry) {
        // Not by way of the filter, which leaves out families that have no sample yet.
        return families(registry.metricFamilySamples());
    }

    /**
     * The families that have a sample whose name is wanted; collectors that have none are not asked.
     *
     * @param wanted of sample names; all of a family or none
     */
    public static List<MetricFamily> families(CollectorRegistry registry, Predicate<String> wanted) {
        return families(registry.filteredMetricFamilySamples(wanted::test));
    }

    private static List<MetricFamily> families(Enumeration<Collector.MetricFamilySamples> all) {
        List<MetricFamily> families = new ArrayList<>();
        for (Collector.MetricFamilySamples samples : Collections.list(all)) {
            families.add(family(samples));
        }
        return families;
    }

    private static MetricFamily family(Collector.MetricFamilySamples samples) {
        MetricType type = type(samples.type);
        String name = switch (type) {
            case COUNTER -> samples.name + "_total";
            case INFO -> samples.name + "_info";
            default -> samples.name;
        };
        List<MetricPoint> points = new ArrayList<>(samples.samples.size());
        for (Collector.MetricFamilySamples.Sample sample : samples.samples) {
            if (type == MetricType.GAUGE || !sample.name.equals(samples.name + "_created")) {
                points.add(new MetricPoint(
                        SeriesKey.of(sample.name, labels(sample)),
                        sample.value,
                        sample.timestampMs == null ? MetricPoint.NO_TIMESTAMP : sample.timestampMs));
            }
        }
        putSumBeforeCount(points, samples.name);
        return new MetricFamily(name, type, samples.help, samples.unit, points);
    }

    private static void putSumBeforeCount(List<MetricPoint> points, String family) {
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i - 1).key().name().equals(family + "_count")
                    && points.get(i).key().name().equals(family + "_sum")) {
                Collections.swap(points, i - 1, i);
            }
        }
    }

    private static Labels labels(Collector.MetricFamilySamples.Sample sample) {
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < sample.labelNames.size(); i++) {
            labels.set(sample.labelNames.get(i), sample.labelValues.get(i));
        }
        return labels.build();
    }

    private static MetricType type(Collector.Type type) {
        return switch (type) {
            case COUNTER -> MetricType.COUNTER;
            case GAUGE -> MetricType.GAUGE;
            case HISTOGRAM -> MetricType.HISTOGRAM;
            case SUMMARY -> MetricType.SUMMARY;
            case INFO -> MetricType.INFO;
            case STATE_SET -> MetricType.STATESET;
            case GAUGE_HISTOGRAM -> MetricType.GAUGE_HISTOGRAM;
            default -> MetricType.UNKNOWN;
        };
    }
}
