package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** The three load averages of {@code /proc/loadavg}. */
final class LoadavgCollector implements SampleSource {
    private final ProcFiles files;

    LoadavgCollector(ProcFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "loadavg";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        String[] words = files.proc("loadavg").split(" ", 4);
        return List.of(
                MetricFamily.gauge("node_load1", "1m load average.", Double.parseDouble(words[0])),
                MetricFamily.gauge("node_load5", "5m load average.", Double.parseDouble(words[1])),
                MetricFamily.gauge("node_load15", "15m load average.", Double.parseDouble(words[2])));
    }
}
