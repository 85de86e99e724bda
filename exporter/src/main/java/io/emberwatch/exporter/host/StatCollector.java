package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What /proc/stat tells beside the processors' times. */
final class StatCollector implements SampleSource {
    private final KernelFile stat;
    private final Rows<Field> rows = new Rows<>(StatCollector::field);

    StatCollector(HostPaths paths) {
        stat = paths.proc("stat");
    }

    @Override
    public String name() {
        return "stat";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> families = new ArrayList<>();
        KernelText text = stat.read();
        rows.rewind();
        while (text.nextLine()) {
            Family family = text.nextWord() ? rows.of(text).family : null;
            if (family != null && text.nextWord()) {
                family.add(text.count());
                family.flushTo(families);
            }
        }
        return families;
    }

    // The processors are the cpu collector's, softirq is not shown.
    private static Field field(String name) {
        return new Field(
                switch (name) {
                    case "intr" -> Family.counter("node_intr_total", "Total number of interrupts serviced.");
                    case "ctxt" -> Family.counter("node_context_switches_total", "Total number of context switches.");
                    case "processes" -> Family.counter("node_forks_total", "Total number of forks.");
                    case "btime" -> Family.gauge("node_boot_time_seconds", "Node boot time, in unixtime.");
                    case "procs_running" ->
                        Family.gauge("node_procs_running", "Number of processes in runnable state.");
                    case "procs_blocked" ->
                        Family.gauge("node_procs_blocked", "Number of processes blocked waiting for I/O to complete.");
                    default -> null;
                });
    }

    /** @param family null when the line is not shown */
    private record Field(@Nullable Family family) {}
}
