package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private static final byte[] CPU = "cpu".getBytes(StandardCharsets.US_ASCII);
    private static final int IDLE = 3;
    private static final int GUEST = 8;
    private static final int FIELDS = 10;

    private final KernelFile stat;
    private final Path devices;
    private final KernelFile present;
    private final KernelFile isolatedRanges;
    private final boolean guest;
    private final Rows<Processor> processors = new Rows<>(Processor::new);
    private long round;
    private String presentBefore = "";
    private List<Device> devicesBefore = List.of();

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
        this.present = new KernelFile(devices.resolve("present"));
        this.isolatedRanges = new KernelFile(devices.resolve("isolated"));
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
        round++;
        KernelText text = stat.read();
        processors.rewind();
        while (text.nextLine() && text.nextWord() && text.startsWith(CPU)) { // the processors come first
            Processor processor = processors.of(text);
            if (processor.isOne()) {
                processor.keepHighest(text);
                processor.addTimes();
            }
        }
    }

    private void addIsolated() {
        String ranges = isolatedRanges.stripped();
        if (ranges.isEmpty()) {
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
        String presentNow = present.stripped();
        if (presentNow.isEmpty() || !presentNow.equals(presentBefore)) {
            devicesBefore = devices();
            presentBefore = presentNow;
        }
        Set<String> cores = new HashSet<>();
        Set<String> packages = new HashSet<>();
        for (Device device : devicesBefore) {
            String isOnline = device.online == null ? "" : device.online.stripped();
            if (!isOnline.isEmpty()) {
                online.add(Words.count(isOnline), "cpu", device.number);
            }
            if (device.throttles) {
                addThrottles(device, cores, packages);
            }
        }
    }

    private List<Device> devices() throws IOException {
        List<Device> found = new ArrayList<>();
        if (Files.isDirectory(devices)) {
            boolean tellsOnline = Files.exists(devices.resolve("cpu0/online"));
            try (DirectoryStream<Path> cpus = Files.newDirectoryStream(devices, "cpu[0-9]*")) {
                for (Path cpu : cpus) {
                    found.add(Device.of(cpu, tellsOnline));
                }
            }
        }
        return found;
    }

    private void addThrottles(Device device, Set<String> cores, Set<String> packages) {
        String core = device.packageId + '/' + device.coreId;
        String ofCore = cores.contains(core) ? "" : device.coreThrottles.stripped();
        if (!ofCore.isEmpty() && cores.add(core)) {
            coreThrottles.add(Words.count(ofCore), "core", device.coreId, "package", device.packageId);
        }
        String ofPackage = packages.contains(device.packageId) ? "" : device.packageThrottles.stripped();
        if (!ofPackage.isEmpty() && packages.add(device.packageId)) {
            packageThrottles.add(Words.count(ofPackage), "package", device.packageId);
        }
    }

    /** A line of /proc/stat, and the greatest times it had. */
    private final class Processor {
        private final String number;
        private final SeriesKey[] keys = new SeriesKey[MODES.length];
        private final SeriesKey[] guestKeys;
        private final double[] times = new double[FIELDS];
        private final double[] now = new double[FIELDS];
        private long lastRound;

        Processor(String line) {
            number = line.substring(CPU.length);
            for (int mode = 0; mode < MODES.length; mode++) {
                keys[mode] = seconds.key("cpu", number, "mode", MODES[mode]);
            }
            guestKeys = new SeriesKey[] {
                guestSeconds.key("cpu", number, "mode", "user"), guestSeconds.key("cpu", number, "mode", "nice")
            };
        }

        // The first line is of all of them.
        boolean isOne() {
            return !number.isEmpty();
        }

        void keepHighest(KernelText text) {
            for (int i = 0; i < FIELDS; i++) {
                now[i] = text.nextWord() ? text.count() / TICKS_PER_SECOND : 0;
            }
            boolean goesOn = lastRound == round - 1 && times[IDLE] - now[IDLE] < JUMP_SECONDS;
            for (int i = 0; i < FIELDS; i++) {
                times[i] = goesOn ? Math.max(now[i], times[i]) : now[i];
            }
            lastRound = round;
        }

        void addTimes() {
            for (int mode = 0; mode < MODES.length; mode++) {
                seconds.add(keys[mode], times[mode]);
            }
            if (guest) {
                guestSeconds.add(guestKeys[0], times[GUEST]);
                guestSeconds.add(guestKeys[1], times[GUEST + 1]);
            }
        }
    }

    /** Where a processor sits; looked up once, and again when others are present. */
    private record Device(
            String number,
            @Nullable KernelFile online,
            String packageId,
            String coreId,
            KernelFile coreThrottles,
            KernelFile packageThrottles,
            boolean throttles) {
        static Device of(Path cpu, boolean tellsOnline) {
            String packageId = KernelFile.firstLine(cpu.resolve("topology/physical_package_id"));
            String coreId = KernelFile.firstLine(cpu.resolve("topology/core_id"));
            Path ofCore = cpu.resolve("thermal_throttle/core_throttle_count");
            Path ofPackage = cpu.resolve("thermal_throttle/package_throttle_count");
            return new Device(
                    cpu.getFileName().toString().substring(CPU.length),
                    tellsOnline ? new KernelFile(cpu.resolve("online")) : null,
                    packageId == null ? "" : packageId,
                    coreId == null ? "" : coreId,
                    new KernelFile(ofCore),
                    new KernelFile(ofPackage),
                    packageId != null && coreId != null && (Files.exists(ofCore) || Files.exists(ofPackage)));
        }
    }
}
