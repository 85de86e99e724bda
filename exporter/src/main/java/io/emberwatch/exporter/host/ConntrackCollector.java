package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** How full the table of tracked connections is; nothing where the kernel tracks none. */
final class ConntrackCollector implements SampleSource {
    private final KernelFile count;
    private final KernelFile max;

    ConntrackCollector(HostPaths paths) {
        count = paths.proc("sys/net/netfilter/nf_conntrack_count");
        max = paths.proc("sys/net/netfilter/nf_conntrack_max");
    }

    @Override
    public String name() {
        return "conntrack";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        return List.of(
                MetricFamily.gauge(
                        "node_nf_conntrack_entries",
                        "Number of currently allocated flow entries for connection tracking.",
                        Words.count(count.text().strip())),
                MetricFamily.gauge(
                        "node_nf_conntrack_entries_limit",
                        "Maximum size of connection tracking table.",
                        Words.count(max.text().strip())));
    }
}
