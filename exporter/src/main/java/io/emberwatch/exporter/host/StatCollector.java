package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Interrupts, context switches, forks, boot time and runnable processes from {@code /proc/stat}. */
final class StatCollector implements SampleSource {
    private final ProcFiles files;

    StatCollector(ProcFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "stat";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> families = new ArrayList<>();
        for (String line : files.procLines("stat")) {
            String[] words = line.split(" ", 3);
            if (words.length < 2) {
                continue;
            }
            switch (words[0]) {
                case "intr" ->
                    families.add(MetricFamily.counter(
                            "node_intr_total", "Total number of interrupts serviced.", number(words[1])));
                case "ctxt" ->
                    families.add(MetricFamily.counter(
                            "node_context_switches_total", "Total number of context switches.", number(words[1])));
                case "processes" ->
                    families.add(MetricFamily.counter("node_forks_total", "Total number of forks.", number(words[1])));
                case "btime" ->
                    families.add(MetricFamily.gauge(
                            "node_boot_time_seconds", "Node boot time, in unixtime.", number(words[1])));
                case "procs_running" ->
                    families.add(MetricFamily.gauge(
                            "node_procs_running", "Number of processes in runnable state.", number(words[1])));
                case "procs_blocked" ->
                    families.add(MetricFamily.gauge(
                            "node_procs_blocked",
                            "Number of processes blocked waiting for I/O to complete.",
                            number(words[1])));
                default -> {
                    // other lines belong to other collectors
                }
            }
        }
        return families;
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }
}
