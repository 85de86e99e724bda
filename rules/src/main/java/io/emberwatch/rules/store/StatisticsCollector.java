package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.store.HeadStatistics.NamedCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Counts what an index holds. */
final class StatisticsCollector {
    private final List<NamedCount> valuesByName = new ArrayList<>();
    private final List<NamedCount> bytesByName = new ArrayList<>();
    private final List<NamedCount> seriesByPair = new ArrayList<>();
    private final List<NamedCount> seriesByMetric = new ArrayList<>();
    private int headSeries;
    private int chunks;
    private long minTime = Long.MAX_VALUE;
    private long maxTime = Long.MIN_VALUE;

    private StatisticsCollector() {}

    /** @param top how long the lists may be */
    static HeadStatistics collect(SeriesIndex index, int top) {
        StatisticsCollector collector = new StatisticsCollector();
        index.forEach(collector::add);
        index.labelNames().forEach(name -> collector.add(name, index.seriesByValue(name)));
        return collector.finish(index.size(), top);
    }

    private void add(StoredSeries series) {
        int inMemory = series.chunksInMemory();
        headSeries += inMemory > 0 ? 1 : 0;
        chunks += inMemory;
        minTime = Math.min(minTime, series.firstMillis());
        maxTime = Math.max(maxTime, series.lastMillis());
    }

    private void add(String name, Map<String, Integer> seriesByValue) {
        long bytes = 0;
        for (Map.Entry<String, Integer> value : seriesByValue.entrySet()) {
            bytes += (long) value.getKey().length() * value.getValue();
            seriesByPair.add(new NamedCount(name + "=" + value.getKey(), value.getValue()));
            if (name.equals(Labels.METRIC_NAME)) {
                seriesByMetric.add(new NamedCount(value.getKey(), value.getValue()));
            }
        }
        valuesByName.add(new NamedCount(name, seriesByValue.size()));
        bytesByName.add(new NamedCount(name, bytes));
    }

    private HeadStatistics finish(int seriesCount, int top) {
        return new HeadStatistics(
                seriesCount,
                headSeries,
                seriesByPair.size(),
                chunks,
                minTime,
                maxTime,
                most(seriesByMetric, top),
                most(valuesByName, top),
                most(bytesByName, top),
                most(seriesByPair, top));
    }

    private static List<NamedCount> most(List<NamedCount> counts, int top) {
        counts.sort(Comparator.comparingLong(NamedCount::count).reversed().thenComparing(NamedCount::name));
        return counts.subList(0, Math.min(top, counts.size()));
    }
}
