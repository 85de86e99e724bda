package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Time of every processor by mode, throttling, which processors are online and isolated.
 *
 * <p>The kernel's counters go back now and then, iowait most of all; each keeps the greatest value it had, as in
 * node_exporter, so that {@code rate} sees no resets. Idle time that falls by {@value #JUMP_SECONDS} s or more means that
 * the processor was taken out and put back, and begins anew.
 */
final class CpuCollector implements SampleSource {
    private static final double JUMP_SECONDS = 3;
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux of today
    private static final String[] MODES = {"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"};
    private static final int IDLE = 3;
    private static final int GUEST = 8;
    private static final int FIELDS = 10;

    private final KernelFile stat;
    private final Path devices;
    private final boolean guest;
    private final Map<String, double[]> highest = new TreeMap<>();
    private final Map<String, Topology> topologies = new HashMap<>();

    private final Family seconds = Family.counter("node_cpu_seconds_total", "Seconds the CPUs spent in each mode.");
    private final Family guestSeconds =
            Family.counter("node_cpu_guest_seconds_total", "Seconds the CPUs spent in guests (VMs) for each mode.");
    private final Family online = Family.gauge("node_cpu_online", "CPUs that are online and being scheduled.");
    private final Family isolated = Family.gauge(
            "node_cpu_isolated", "Whether each core is isolated, information from /sys/devices/system/cpu/isolated.");
    private final Family coreThrottles =
            Family.counter("node_cpu_core_throttles_total", "Number of times this CPU core has been throttled.");
    private final Family packageThrottles =
            Family.counter("node_cpu_package_throttles_total", "Number of times this CPU package has been throttled.");

    CpuCollector(HostPaths paths, boolean guest) {
        this.stat = paths.proc("stat");
        this.devices = paths.sys("devices/system/cpu");
        this.guest = guest;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        addTimes();
        addIsolated();
        addDevices();
        List<MetricFamily> families = new ArrayList<>();
        for (Family family : List.of(seconds, guestSeconds, online, isolated, coreThrottles, packageThrottles)) {
            family.flushTo(families);
        }
        return families;
    }

    private void addTimes() throws IOException {
        Set<String> seen = new HashSet<>();
        for (String line : stat.lines()) {
            if (!line.startsWith("cpu")) {
                break; // the processors come first
            }
            List<String> words = Words.of(line);
            String cpu = words.get(0).substring("cpu".length());
            if (!cpu.isEmpty()) {
                seen.add(cpu);
                keepHighest(cpu, words);
            }
        }
        highest.keySet().retainAll(seen);
        highest.forEach((cpu, times) -> {
            for (int mode = 0; mode < MODES.length; mode++) {
                seconds.add(times[mode], "cpu", cpu, "mode", MODES[mode]);
            }
            if (guest) {
                guestSeconds.add(times[GUEST], "cpu", cpu, "mode", "user");
                guestSeconds.add(times[GUEST + 1], "cpu", cpu, "mode", "nice");
            }
        });
    }

    private void keepHighest(String cpu, List<String> words) {
        double[] now = new double[FIELDS];
        for (int i = 0; i < FIELDS && i + 1 < words.size(); i++) {
            now[i] = Words.count(words.get(i + 1)) / TICKS_PER_SECOND;
        }
        double[] before = highest.get(cpu);
        if (before != null && before[IDLE] - now[IDLE] < JUMP_SECONDS) {
            for (int i = 0; i < FIELDS; i++) {
                now[i] = Math.max(now[i], before[i]);
            }
        }
        highest.put(cpu, now);
    }

    private void addIsolated() {
        String ranges = KernelFile.firstLine(devices.resolve("isolated"));
        if (ranges == null || ranges.isEmpty()) {
            return;
        }
        for (String range : ranges.split(",", -1)) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            for (int cpu = first; cpu <= last; cpu++) {
                isolated.add(1, "cpu", Integer.toString(cpu));
            }
        }
    }

    private void addDevices() throws IOException {
        if (!Files.isDirectory(devices)) {
            return;
        }
        boolean tellsOnline = Files.exists(devices.resolve("cpu0/online"));
        Set<String> cores = new HashSet<>();
        Set<String> packages = new HashSet<>();
        try (DirectoryStream<Path> cpus = Files.newDirectoryStream(devices, "cpu[0-9]*")) {
            for (Path cpu : cpus) {
                String number = cpu.getFileName().toString().substring("cpu".length());
                if (tellsOnline) {
                    addOnline(cpu, number);
                }
                Topology topology = topologies.computeIfAbsent(number, n -> Topology.of(cpu));
                addThrottles(cpu, topology, cores, packages);
            }
        }
    }

    private void addOnline(Path cpu, String number) {
        String text = KernelFile.firstLine(cpu.resolve("online"));
        if (text != null) {
            online.add(Words.count(text), "cpu", number);
        }
    }

    private void addThrottles(Path cpu, Topology topology, Set<String> cores, Set<String> packages) {
        if (!topology.throttles) {
            return;
        }
        String core = topology.packageId + '/' + topology.coreId;
        String ofCore = cores.contains(core) ? null : KernelFile.firstLine(cpu.resolve(Topology.CORE_COUNT));
        if (ofCore != null && cores.add(core)) {
            coreThrottles.add(Words.count(ofCore), "core", topology.coreId, "package", topology.packageId);
        }
        String ofPackage = packages.contains(topology.packageId)
                ? null
                : KernelFile.firstLine(cpu.resolve(Topology.PACKAGE_COUNT));
        if (ofPackage != null && packages.add(topology.packageId)) {
            packageThrottles.add(Words.count(ofPackage), "package", topology.packageId);
        }
    }

    /** Where a processor sits; looked up once. */
    private record Topology(String packageId, String coreId, boolean throttles) {
        static final String CORE_COUNT = "thermal_throttle/core_throttle_count";
        static final String PACKAGE_COUNT = "thermal_throttle/package_throttle_count";

        static Topology of(Path cpu) {
            @Nullable String packageId = KernelFile.firstLine(cpu.resolve("topology/physical_package_id"));
            @Nullable String coreId = KernelFile.firstLine(cpu.resolve("topology/core_id"));
            if (packageId == null || coreId == null) {
                return new Topology("", "", false);
            }
            boolean throttles = Files.exists(cpu.resolve(CORE_COUNT)) || Files.exists(cpu.resolve(PACKAGE_COUNT));
            return new Topology(packageId, coreId, throttles);
        }
    }
}
