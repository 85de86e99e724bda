package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What /proc/stat tells beside the processors' times. */
final class StatCollector implements SampleSource {
    private final KernelFile stat;

    StatCollector(HostPaths paths) {
        stat = paths.proc("stat");
    }

    @Override
    public String name() {
        return "stat";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> families = new ArrayList<>();
        for (String line : stat.lines()) {
            int name = line.indexOf(' ');
            if (name > 0) {
                int end = line.indexOf(' ', name + 1);
                String first = line.substring(name + 1, end < 0 ? line.length() : end);
                add(line.substring(0, name), first, families);
            }
        }
        return families;
    }

    private static void add(String field, String value, List<MetricFamily> families) {
        switch (field) {
            case "intr" ->
                families.add(MetricFamily.counter(
                        "node_intr_total", "Total number of interrupts serviced.", Words.count(value)));
            case "ctxt" ->
                families.add(MetricFamily.counter(
                        "node_context_switches_total", "Total number of context switches.", Words.count(value)));
            case "processes" ->
                families.add(MetricFamily.counter("node_forks_total", "Total number of forks.", Words.count(value)));
            case "btime" ->
                families.add(MetricFamily.gauge(
                        "node_boot_time_seconds", "Node boot time, in unixtime.", Words.count(value)));
            case "procs_running" ->
                families.add(MetricFamily.gauge(
                        "node_procs_running", "Number of processes in runnable state.", Words.count(value)));
            case "procs_blocked" ->
                families.add(MetricFamily.gauge(
                        "node_procs_blocked",
                        "Number of processes blocked waiting for I/O to complete.",
                        Words.count(value)));
            default -> {
                // the processors are the cpu collector's, softirq is not shown
            }
        }
    }
}
