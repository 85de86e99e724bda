package io.emberwatch.push.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a process needs, from proc(5): processor time, context switches, memory. The names and units are those of the O2
 * Monitoring library; memory is in kB. What the system does not tell is left out.
 */
final class ProcessMonitor {
    private static final double MICROS = 1e6;
    private static final double PERCENT = 100;
    private static final int UTIME = 11; // counted from the state, the first field behind the name
    private static final int STIME = 12;

    private final Path process;
    private final Path memory;
    private final double ticksPerSecond;
    private @Nullable Instant before;
    private double ticksBefore;
    private double switchedBefore;
    private double yieldedBefore;

    private long samples;
    private double shares;
    private double resident;
    private double virtual;

    ProcessMonitor() {
        this(Path.of("/proc/self"), Path.of("/proc/meminfo"), 100);
    }

    /** @param ticksPerSecond of the processor times there */
    ProcessMonitor(Path process, Path memory, double ticksPerSecond) {
        this.process = process;
        this.memory = memory;
        this.ticksPerSecond = ticksPerSecond;
    }

    /** How it is now, and what was since it was looked at last. */
    List<Metric> look(Instant now) {
        List<Metric> metrics = new ArrayList<>();
        Map<String, Double> status = table(process.resolve("status"));
        cpu(now, metrics);
        Double switched = status.get("nonvoluntary_ctxt_switches");
        if (switched != null) {
            put(metrics, "involuntaryContextSwitches", switched - switchedBefore);
            switchedBefore = switched;
        }
        Double yielded = status.get("voluntary_ctxt_switches");
        if (yielded != null) {
            put(metrics, "voluntaryContextSwitches", yielded - yieldedBefore);
            yieldedBefore = yielded;
        }
        Double size = status.get("VmSize");
        Double held = status.get("VmRSS");
        if (size != null && held != null) {
            samples++;
            virtual += size;
            resident += held;
            Double all = table(memory).get("MemTotal");
            if (all != null) {
                put(metrics, "memoryUsagePercentage", PERCENT * held / all);
            }
            put(metrics, "virtualMemorySize", size);
            put(metrics, "residentSetSize", held);
        }
        Map<String, Double> shares = table(process.resolve("smaps_rollup"));
        put(metrics, "proportionalSetSize", shares.get("Pss"));
        put(metrics, "memoryPrivateClean", shares.get("Private_Clean"));
        put(metrics, "memoryPrivateDirty", shares.get("Private_Dirty"));
        return metrics;
    }

    private void cpu(Instant now, List<Metric> metrics) {
        double ticks = ticks();
        if (Double.isNaN(ticks)) {
            return;
        }
        if (before != null) {
            double passed = Duration.between(before, now).toNanos() / 1e9;
            if (passed > 0) {
                double share = PERCENT * (ticks - ticksBefore) / (ticksPerSecond * passed);
                shares += share;
                put(metrics, "cpuUsedPercentage", share);
            }
            put(metrics, "cpuUsedAbsolute", Math.rint(MICROS * (ticks - ticksBefore) / ticksPerSecond));
        }
        before = now;
        ticksBefore = ticks;
    }

    /** What can be said at the end: all processor time, and means over all looks. */
    List<Metric> farewell() {
        List<Metric> metrics = new ArrayList<>();
        double ticks = ticks();
        put(
                metrics,
                "cpuTimeConsumedByProcess",
                Double.isNaN(ticks) ? null : Math.rint(MICROS * ticks / ticksPerSecond));
        if (samples > 1) {
            put(metrics, "averageCpuUsedPercentage", shares / (samples - 1));
        }
        if (samples > 0) {
            put(metrics, "averageResidentSetSize", resident / samples);
            put(metrics, "averageVirtualMemorySize", virtual / samples);
        }
        return metrics;
    }

    private static void put(List<Metric> metrics, String name, @Nullable Double value) {
        if (value == null) {
            return;
        }
        Metric.Builder metric = Metric.named(name);
        boolean whole = value == Math.rint(value) && !name.endsWith("Percentage");
        metrics.add((whole ? metric.value(value.longValue()) : metric.value(value)).build());
    }

    /** Processor time of the process; NaN when it is not told. */
    private double ticks() {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        } catch (IOException | RuntimeException e) {
            return Double.NaN;
        }
    }

    /** Lines such as {@code VmRSS:  1234 kB}; empty when the file cannot be read. */
    private static Map<String, Double> table(Path file) {
        Map<String, Double> table = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int colon = line.indexOf(':');
                String[] words = colon < 0
                        ? new String[0]
                        : line.substring(colon + 1).strip().split("\\s+", 2);
                if (words.length > 0 && words[0].matches("\\d+")) {
                    table.put(line.substring(0, colon), Double.valueOf(words[0]));
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return table;
    }
}
