package io.emberwatch.exporter.telegraf;

import io.emberwatch.model.Labels;
import io.emberwatch.model.line.LinePoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shares of processor time since the page before, as Telegraf's input {@code cpu} gives them: percent, time in guests taken
 * out of {@code user} and {@code nice}, which hold it. Nothing at first, and nothing when no time has passed.
 */
final class CpuUsage {
    private static final String[] MODES = {"user", "system", "idle", "nice", "iowait", "irq", "softirq", "steal"};
    private static final int USER = 0;
    private static final int NICE = 3;
    private static final int GUEST = 8;
    private static final int GUEST_NICE = 9;
    private static final double TICKS_PER_SECOND = 100;
    private static final double PERCENT = 100;

    private Map<String, double[]> before = Map.of();

    void addTo(List<LinePoint> points, HostPage page, String host) {
        Map<String, double[]> now = times(page);
        now.forEach((cpu, times) -> {
            double[] last = before.get(cpu);
            if (last != null) {
                add(points, cpu, last, times, host);
            }
        });
        before = now;
    }

    private static Map<String, double[]> times(HostPage page) {
        Map<String, double[]> times = new TreeMap<>();
        double[] all = new double[GUEST_NICE + 1];
        for (Labels labels : page.series("node_cpu_seconds_total")) {
            String cpu = labels.get("cpu");
            times.computeIfAbsent("cpu" + cpu, name -> times(page, cpu));
        }
        times.values().forEach(one -> {
            for (int i = 0; i < all.length; i++) {
                all[i] += one[i];
            }
        });
        if (!times.isEmpty()) {
            times.put("cpu-total", all);
        }
        return times;
    }

    private static double[] times(HostPage page, String cpu) {
        double[] times = new double[GUEST_NICE + 1];
        for (int i = 0; i < MODES.length; i++) {
            times[i] = known(page.value("node_cpu_seconds_total", Labels.of("cpu", cpu, "mode", MODES[i])));
        }
        times[GUEST] = known(page.value("node_cpu_guest_seconds_total", Labels.of("cpu", cpu, "mode", "user")));
        times[GUEST_NICE] = known(page.value("node_cpu_guest_seconds_total", Labels.of("cpu", cpu, "mode", "nice")));
        return times;
    }

    // In the kernel's ticks, whose differences are exact.
    private static double known(double seconds) {
        return Double.isNaN(seconds) ? 0 : Math.rint(seconds * TICKS_PER_SECOND);
    }

    private static void add(List<LinePoint> points, String cpu, double[] last, double[] times, String host) {
        double[] spent = new double[times.length];
        double total = 0;
        for (int i = 0; i < times.length; i++) {
            spent[i] = times[i] - last[i];
            total += i < MODES.length ? spent[i] : 0;
        }
        if (total <= 0) {
            return; // no time between, or a processor that was taken out and put back
        }
        spent[USER] -= spent[GUEST];
        spent[NICE] -= spent[GUEST_NICE];
        Fields fields = new Fields("cpu").tag("cpu", cpu).tag("host", host);
        for (int i = 0; i < MODES.length; i++) {
            fields.fraction("usage_" + MODES[i], PERCENT * spent[i] / total);
        }
        fields.fraction("usage_guest", PERCENT * spent[GUEST] / total)
                .fraction("usage_guest_nice", PERCENT * spent[GUEST_NICE] / total)
                .addTo(points);
    }
}
