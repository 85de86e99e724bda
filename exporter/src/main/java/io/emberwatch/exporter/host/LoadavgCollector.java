package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The load averages of /proc/loadavg. */
final class LoadavgCollector implements SampleSource {
    private final KernelFile loadavg;
    private final List<Family> averages = List.of(
            Family.gauge("node_load1", "1m load average."),
            Family.gauge("node_load5", "5m load average."),
            Family.gauge("node_load15", "15m load average."));

    LoadavgCollector(HostPaths paths) {
        loadavg = paths.proc("loadavg");
    }

    @Override
    public String name() {
        return "loadavg";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<String> words = Words.of(loadavg.text());
        if (words.size() < averages.size()) {
            throw new IOException(loadavg + ": expected three load averages");
        }
        List<MetricFamily> families = new ArrayList<>();
        for (int i = 0; i < averages.size(); i++) {
            averages.get(i).add(Double.parseDouble(words.get(i)));
            averages.get(i).flushTo(families);
        }
        return families;
    }
}
