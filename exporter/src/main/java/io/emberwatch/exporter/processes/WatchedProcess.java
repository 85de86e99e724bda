package io.emberwatch.exporter.processes;

import io.emberwatch.exporter.processes.ProcessReading.Counts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One process of the process monitor: what it did since it was last looked at, and on average. */
final class WatchedProcess {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS = 1e6;
    private static final double PERCENT = 100;
    private static final double KIB = 1024;

    private final int pid;
    private final String name;
    private final double startedTicks;
    private @Nullable Counts before;
    private long readAt;
    private int intervals;
    private int readings;
    private double percentages;
    private double residents;
    private double virtuals;
    private double consumedMicros;
    private Map<String, Double> values = Map.of();

    WatchedProcess(int pid, String name, double startedTicks) {
        this.pid = pid;
        this.name = name;
        this.startedTicks = startedTicks;
    }

    int pid() {
        return pid;
    }

    String name() {
        return name;
    }

    /** Whether {@code reading} is of this process, and not of a later one with the same number. */
    boolean is(ProcessReading reading) {
        return reading.startedTicks() == startedTicks;
    }

    /**
     * @param memory fields of {@code smaps_rollup} in KiB; empty when they may not be read
     * @param totalKib the machine's memory
     * @param nanos a clock that only measures how long something took
     */
    void read(ProcessReading reading, Map<String, Double> memory, double totalKib, long nanos) {
        Map<String, Double> now = new LinkedHashMap<>();
        Counts counts = reading.counts();
        Counts last = before;
        if (last != null && nanos > readAt) {
            Counts spent = counts.since(last);
            double micros = (spent.user() + spent.system()) * MICROS;
            double percentage = PERCENT * micros / MICROS / ((nanos - readAt) / NANOS_PER_SECOND);
            now.put("cpuUsedPercentage", percentage);
            now.put("involuntaryContextSwitches", spent.nonvoluntary());
            now.put("voluntaryContextSwitches", spent.voluntary());
            now.put("cpuUsedAbsolute", (double) Math.round(micros));
            percentages += percentage;
            consumedMicros += micros;
            intervals++;
        }
        before = counts;
        readAt = nanos;
        double residentKib = reading.residentBytes() / KIB;
        double virtualKib = reading.virtualBytes() / KIB;
        residents += residentKib;
        virtuals += virtualKib;
        readings++;
        if (totalKib > 0) {
            now.put("memoryUsagePercentage", PERCENT * residentKib / totalKib);
        }
        now.put("virtualMemorySize", virtualKib);
        now.put("residentSetSize", residentKib);
        put(now, "proportionalSetSize", memory.get("Pss"));
        put(now, "memoryPrivateClean", memory.get("Private_Clean"));
        put(now, "memoryPrivateDirty", memory.get("Private_Dirty"));
        values = now;
    }

    private static void put(Map<String, Double> values, String name, @Nullable Double value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    /** What was read last, by the library's names. */
    Map<String, Double> values() {
        return values;
    }

    /** What there is to say at its end. */
    Map<String, Double> averages() {
        Map<String, Double> averages = new LinkedHashMap<>();
        averages.put("cpuTimeConsumedByProcess", (double) Math.round(consumedMicros));
        if (intervals > 0) {
            averages.put("averageCpuUsedPercentage", percentages / intervals);
        }
        if (readings > 0) {
            averages.put("averageResidentSetSize", residents / readings);
            averages.put("averageVirtualMemorySize", virtuals / readings);
        }
        return averages;
    }
}
