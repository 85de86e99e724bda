package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How each processor gets on with packets that came in, from /proc/net/softnet_stat. */
final class SoftnetCollector implements SampleSource {
    private static final int HEXADECIMAL = 16;

    private final KernelFile softnet;
    private final List<Family> columns = List.of(
            Family.counter("node_softnet_processed_total", "Number of processed packets"),
            Family.counter("node_softnet_dropped_total", "Number of dropped packets"),
            Family.counter("node_softnet_times_squeezed_total", "Number of times processing packets ran out of quota"));

    SoftnetCollector(HostPaths paths) {
        softnet = paths.ofFirstProcess("net/softnet_stat");
    }

    @Override
    public String name() {
        return "softnet";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<String> lines = softnet.lines();
        for (int cpu = 0; cpu < lines.size(); cpu++) {
            List<String> words = Words.of(lines.get(cpu));
            for (int i = 0; i < columns.size() && i < words.size(); i++) {
                columns.get(i).add(Long.parseLong(words.get(i), HEXADECIMAL), "cpu", Integer.toString(cpu));
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        columns.forEach(family -> family.flushTo(result));
        return result;
    }
}
