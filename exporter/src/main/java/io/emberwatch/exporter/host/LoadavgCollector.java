package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** The load averages of /proc/loadavg. */
final class LoadavgCollector implements SampleSource {
    private final KernelFile loadavg;

    LoadavgCollector(HostPaths paths) {
        loadavg = paths.proc("loadavg");
    }

    @Override
    public String name() {
        return "loadavg";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<String> words = Words.of(loadavg.text());
        if (words.size() < 3) {
            throw new IOException(loadavg + ": expected three load averages");
        }
        return List.of(
                MetricFamily.gauge("node_load1", "1m load average.", Double.parseDouble(words.get(0))),
                MetricFamily.gauge("node_load5", "5m load average.", Double.parseDouble(words.get(1))),
                MetricFamily.gauge("node_load15", "15m load average.", Double.parseDouble(words.get(2))));
    }
}
