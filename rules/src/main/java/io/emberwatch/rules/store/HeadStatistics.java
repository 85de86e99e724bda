package io.emberwatch.rules.store;

import java.util.List;

/**
 * What the store holds, for the HTTP API's {@code status/tsdb}.
 *
 * @param seriesCount series known, living and retained
 * @param headSeriesCount series with samples in memory
 * @param labelPairCount different pairs of label name and value
 * @param chunkCount chunks in memory
 * @param minTimeMillis time of the oldest sample kept; {@link Long#MAX_VALUE} when there is none
 * @param maxTimeMillis time of the newest sample; {@link Long#MIN_VALUE} when there is none
 * @param seriesCountByMetricName the metric names with the most series, the most first
 * @param labelValueCountByLabelName the label names with the most values
 * @param memoryInBytesByLabelName the label names whose values take the most characters, over all series
 * @param seriesCountByLabelValuePair the {@code name=value} pairs with the most series
 */
public record HeadStatistics(
        int seriesCount,
        int headSeriesCount,
        int labelPairCount,
        int chunkCount,
        long minTimeMillis,
        long maxTimeMillis,
        List<NamedCount> seriesCountByMetricName,
        List<NamedCount> labelValueCountByLabelName,
        List<NamedCount> memoryInBytesByLabelName,
        List<NamedCount> seriesCountByLabelValuePair) {
    public HeadStatistics {
        seriesCountByMetricName = List.copyOf(seriesCountByMetricName);
        labelValueCountByLabelName = List.copyOf(labelValueCountByLabelName);
        memoryInBytesByLabelName = List.copyOf(memoryInBytesByLabelName);
        seriesCountByLabelValuePair = List.copyOf(seriesCountByLabelValuePair);
    }

    /** A name and how often. */
    public record NamedCount(String name, long count) {}
}
