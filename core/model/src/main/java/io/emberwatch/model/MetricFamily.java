package io.emberwatch.model;

import java.util.List;
import java.util.Objects;

/**
 * A metric with its type, help and samples: what stands under one TYPE line of an exposition.
 *
 * <p>Names are those of text format 0.0.4: a counter's family carries the whole name of its samples, {@code _total}
 * included. The OpenMetrics writer cuts the suffix where its format asks for that.
 *
 * @param name the family name
 * @param help free text, may be empty
 * @param unit the OpenMetrics unit without underscore, may be empty
 * @param points sample lines; histograms list buckets in ascending order of {@code le}, then sum and count
 */
public record MetricFamily(String name, MetricType type, String help, String unit, List<MetricPoint> points) {
    public MetricFamily {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a metric family must have a name");
        }
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(help, "help");
        Objects.requireNonNull(unit, "unit");
        points = List.copyOf(points);
    }

    public static MetricFamily of(String name, MetricType type, String help, List<MetricPoint> points) {
        return new MetricFamily(name, type, help, "", points);
    }

    public static MetricFamily gauge(String name, String help, double value) {
        return of(name, MetricType.GAUGE, help, List.of(MetricPoint.of(name, Labels.EMPTY, value)));
    }

    public static MetricFamily counter(String name, String help, double value) {
        return of(name, MetricType.COUNTER, help, List.of(MetricPoint.of(name, Labels.EMPTY, value)));
    }
}
