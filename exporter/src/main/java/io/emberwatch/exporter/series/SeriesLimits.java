package io.emberwatch.exporter.series;

/**
 * How many series a table takes.
 *
 * @param series in all; a histogram or summary counts as one for each of its lines
 * @param perMetric of one metric name, counted the same way
 */
public record SeriesLimits(int series, int perMetric) {
    public SeriesLimits {
        if (series < 1) {
            throw new IllegalArgumentException("max_series: must be at least 1");
        }
        if (perMetric < 1) {
            throw new IllegalArgumentException("max_series_per_metric: must be at least 1");
        }
    }
}
