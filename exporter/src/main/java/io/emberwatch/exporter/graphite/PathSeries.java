package io.emberwatch.exporter.graphite;

import io.emberwatch.exporter.series.Refusal;
import io.emberwatch.exporter.series.ValueSeries;
import io.emberwatch.model.Labels;
import org.jspecify.annotations.Nullable;

/** What a path has become. */
final class PathSeries {
    final String name;
    final Labels labels;
    final double scale;
    final int tagFaults;
    final GraphiteMetrics.@Nullable Drop drop;

    @Nullable
    ValueSeries series;

    @Nullable
    Refusal refusal;

    long refusedInGeneration;

    PathSeries(String name, Labels labels, double scale, int tagFaults, GraphiteMetrics.@Nullable Drop drop) {
        this.name = name;
        this.labels = labels;
        this.scale = scale;
        this.tagFaults = tagFaults;
        this.drop = drop;
    }
}
