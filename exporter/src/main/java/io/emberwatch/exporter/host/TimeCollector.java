package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.time.InstantSource;
import java.util.List;

/** The host's clock. */
final class TimeCollector implements SampleSource {
    private final InstantSource clock;

    TimeCollector(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        return List.of(MetricFamily.gauge(
                "node_time_seconds", "System time in seconds since epoch (1970).", clock.millis() / 1000.0));
    }
}
