package io.emberwatch.exporter.metrics;

import io.emberwatch.exporter.metrics.ExporterMetrics.SourceState;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.prometheus.client.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What every page says of the sources on it. Made without asking the registry, whose collectors of the process would all be
 * run to find out that nobody asked for them.
 */
final class SourceFamilies {
    static final String SUCCESS = "Whether the last run of a source succeeded.";
    static final String DURATION = "How long the last run of a source took.";
    static final String TIMEOUT = "Whether the last run of a source was cut at its deadline.";
    static final String CPU = "Processor time of the thread that runs a source, over all runs.";

    private final String prefix;
    private final Counter cpuSeconds;
    private final Map<String, Keys> known = new ConcurrentHashMap<>();

    SourceFamilies(String prefix, Counter cpuSeconds) {
        this.prefix = prefix;
        this.cpuSeconds = cpuSeconds;
    }

    List<MetricFamily> of(Map<String, SourceState> states) {
        List<MetricPoint> cpu = new ArrayList<>(states.size());
        List<MetricPoint> duration = new ArrayList<>(states.size());
        List<MetricPoint> success = new ArrayList<>(states.size());
        List<MetricPoint> timeout = new ArrayList<>(states.size());
        for (Map.Entry<String, SourceState> source : new TreeMap<>(states).entrySet()) {
            Keys keys = known.computeIfAbsent(source.getKey(), this::keys);
            SourceState state = source.getValue();
            cpu.add(MetricPoint.of(keys.cpu, keys.cpuSeconds.get()));
            duration.add(MetricPoint.of(keys.duration, state.seconds()));
            success.add(MetricPoint.of(keys.success, state.good() ? 1 : 0));
            timeout.add(MetricPoint.of(keys.timeout, state.timedOut() ? 1 : 0));
        }
        return List.of(
                MetricFamily.of(prefix + "cpu_seconds_total", MetricType.COUNTER, CPU, cpu),
                MetricFamily.of(prefix + "duration_seconds", MetricType.GAUGE, DURATION, duration),
                MetricFamily.of(prefix + "success", MetricType.GAUGE, SUCCESS, success),
                MetricFamily.of(prefix + "timeout", MetricType.GAUGE, TIMEOUT, timeout));
    }

    private Keys keys(String source) {
        return new Keys(
                key("cpu_seconds_total", source),
                key("duration_seconds", source),
                key("success", source),
                key("timeout", source),
                cpuSeconds.labels(source));
    }

    private SeriesKey key(String name, String source) {
        return SeriesKey.of(prefix + name, Labels.of("source", source));
    }

    /** One source's series. */
    private record Keys(
            SeriesKey cpu, SeriesKey duration, SeriesKey success, SeriesKey timeout, Counter.Child cpuSeconds) {}
}
