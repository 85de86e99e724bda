package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU seconds by mode from {@code /proc/stat}.
 *
 * <p>The kernel lets idle and iowait go back a little; like node_exporter, every value is kept at its highest, and a CPU
 * whose idle time fell by three seconds or more (it was taken offline and came back) starts anew.
 */
final class CpuCollector implements SampleSource {
    private static final double HERTZ = 100;
    private static final double IDLE_RESET_SECONDS = 3;
    private static final String[] MODES = {"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"};
    private static final int IDLE = 3;
    private static final int GUEST_USER = 8;
    private static final int FIELDS = 10;

    private final ProcFiles files;
    private final Map<String, double[]> highest = new HashMap<>();

    CpuCollector(ProcFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        Map<String, double[]> seen = new HashMap<>();
        Families families = new Families();
        for (String line : files.procLines("stat")) {
            if (!line.matches("cpu[0-9]+ .*")) {
                continue;
            }
            String[] words = line.split(" +", -1);
            String cpu = words[0].substring(3);
            double[] seconds = new double[FIELDS];
            for (int i = 0; i < FIELDS && i + 1 < words.length; i++) {
                seconds[i] = Long.parseLong(words[i + 1]) / HERTZ;
            }
            double[] kept = keepHighest(highest.get(cpu), seconds);
            seen.put(cpu, kept);
            for (int mode = 0; mode < MODES.length; mode++) {
                families.counter(
                        "node_cpu_seconds_total",
                        "Seconds the CPUs spent in each mode.",
                        Labels.of("cpu", cpu, "mode", MODES[mode]),
                        kept[mode]);
            }
        }
        seen.forEach((cpu, kept) -> guests(families, cpu, kept));
        highest.clear();
        highest.putAll(seen);
        return families.list();
    }

    private static void guests(Families families, String cpu, double[] kept) {
        String help = "Seconds the CPUs spent in guests (VMs) for each mode.";
        families.counter("node_cpu_guest_seconds_total", help, Labels.of("cpu", cpu, "mode", "user"), kept[GUEST_USER]);
        families.counter(
                "node_cpu_guest_seconds_total", help, Labels.of("cpu", cpu, "mode", "nice"), kept[GUEST_USER + 1]);
    }

    private static double[] keepHighest(double @org.jspecify.annotations.Nullable [] before, double[] now) {
        if (before == null || before[IDLE] - now[IDLE] >= IDLE_RESET_SECONDS) {
            return now;
        }
        double[] kept = Arrays.copyOf(now, FIELDS);
        for (int i = 0; i < FIELDS; i++) {
            kept[i] = Math.max(before[i], now[i]);
        }
        return kept;
    }
}
