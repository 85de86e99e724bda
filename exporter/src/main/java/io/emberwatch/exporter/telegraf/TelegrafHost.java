package io.emberwatch.exporter.telegraf;

import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.line.LinePoint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The machine as Telegraf's inputs cpu, mem, net, system, kernel, disk and diskio tell of it: measurements, tags, fields and
 * their kinds, tag {@code host} included. It is read through the collectors of the host, so that what these leave out is left
 * out here.
 *
 * <p>Shares ({@code usage_*}, {@code io_util} …) are those since the last call, so each reader has its own.
 *
 * @see <a href="https://github.com/influxdata/telegraf/tree/master/plugins/inputs">Telegraf's inputs</a>
 */
public final class TelegrafHost implements AutoCloseable {
    private static final double PERCENT = 100;
    private static final double BYTES_PER_MEGABIT = 125_000;
    private static final int UP = 1;
    private static final int LOOPBACK = 8;
    private static final String DEVICES = "/dev/";
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int MINUTES_PER_HOUR = 60;
    private static final int HOURS_PER_DAY = 24;
    private static final String[][] MEMORY = {
        {"active", "Active"},
        {"commit_limit", "CommitLimit"},
        {"committed_as", "Committed_AS"},
        {"dirty", "Dirty"},
        {"high_free", "HighFree"},
        {"high_total", "HighTotal"},
        {"huge_page_size", "Hugepagesize"},
        {"inactive", "Inactive"},
        {"low_free", "LowFree"},
        {"low_total", "LowTotal"},
        {"mapped", "Mapped"},
        {"page_tables", "PageTables"},
        {"shared", "Shmem"},
        {"slab", "Slab"},
        {"sreclaimable", "SReclaimable"},
        {"sunreclaim", "SUnreclaim"},
        {"swap_cached", "SwapCached"},
        {"swap_free", "SwapFree"},
        {"swap_total", "SwapTotal"},
        {"vmalloc_chunk", "VmallocChunk"},
        {"vmalloc_total", "VmallocTotal"},
        {"vmalloc_used", "VmallocUsed"},
        {"write_back", "Writeback"},
        {"write_back_tmp", "WritebackTmp"}
    };
    private static final String[][] NETWORK = {
        {"bytes_sent", "transmit_bytes"},
        {"bytes_recv", "receive_bytes"},
        {"packets_sent", "transmit_packets"},
        {"packets_recv", "receive_packets"},
        {"err_in", "receive_errs"},
        {"err_out", "transmit_errs"},
        {"drop_in", "receive_drop"},
        {"drop_out", "transmit_drop"}
    };

    private final HostCollectors host;
    private final Path procfs;
    private final Path sysfs;
    private final Path rootfs;
    private final LongSupplier nanos;
    private final CpuUsage usage = new CpuUsage();
    private final DiskTraffic traffic = new DiskTraffic();

    /** @param config where the machine's files are and what of it is left out */
    public TelegrafHost(HostConfig config, InstantSource clock) {
        this(config, clock, System::nanoTime);
    }

    TelegrafHost(HostConfig config, InstantSource clock, LongSupplier nanos) {
        host = new HostCollectors(config.forTelegraf(), clock, ZoneOffset.UTC);
        procfs = config.procfs();
        sysfs = config.sysfs();
        rootfs = config.rootfs();
        this.nanos = nanos;
    }

    /**
     * What Telegraf would gather now.
     *
     * @throws IOException when a file of the kernel says what is not understood; what is not there is left out
     */
    public synchronized List<LinePoint> gather(Deadline deadline) throws IOException {
        try {
            return points(deadline);
        } catch (NumberFormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private List<LinePoint> points(Deadline deadline) {
        HostPage page = HostPage.read(host, deadline);
        String name = line(procfs.resolve("sys/kernel/hostname"));
        List<LinePoint> points = new ArrayList<>();
        usage.addTo(points, page, name);
        addMemory(points, page, name);
        addNetwork(points, page, name);
        addSystem(points, page, name);
        addKernel(points, page, name);
        addPressure(points, name);
        addDisks(points, page, name);
        traffic.addTo(points, page, name, nanos.getAsLong());
        return points;
    }

    private static void addMemory(List<LinePoint> points, HostPage page, String name) {
        double total = memory(page, "MemTotal");
        double free = memory(page, "MemFree");
        double buffered = memory(page, "Buffers");
        double reclaimable = memory(page, "SReclaimable");
        double cached = memory(page, "Cached") + (Double.isNaN(reclaimable) ? 0 : reclaimable);
        double used = total - free - buffered - cached;
        double available = memory(page, "MemAvailable");
        Fields fields = new Fields("mem")
                .tag("host", name)
                .whole("total", total)
                .whole("available", Double.isNaN(available) ? free + cached : available)
                .whole("used", used)
                .fraction("used_percent", PERCENT * used / total)
                .fraction("available_percent", PERCENT * available / total)
                .whole("free", free)
                .whole("cached", cached)
                .whole("buffered", buffered);
        for (String[] field : MEMORY) {
            fields.whole(field[0], memory(page, field[1]));
        }
        fields.whole("huge_pages_total", page.value("node_memory_HugePages_Total"))
                .whole("huge_pages_free", page.value("node_memory_HugePages_Free"))
                .addTo(points);
    }

    private static double memory(HostPage page, String field) {
        return page.value("node_memory_" + field + "_bytes");
    }

    private static void addNetwork(List<LinePoint> points, HostPage page, String name) {
        for (Labels device : page.series("node_network_receive_bytes_total")) {
            double flags = page.value("node_network_flags", device);
            boolean shown = Double.isNaN(flags) || ((int) flags & (UP | LOOPBACK)) == UP;
            if (shown) {
                Fields fields = new Fields("net").tag("host", name).tag("interface", device.get("device"));
                for (String[] field : NETWORK) {
                    fields.whole(field[0], page.value("node_network_" + field[1] + "_total", device));
                }
                double speed = page.value("node_network_speed_bytes", device) / BYTES_PER_MEGABIT;
                fields.whole("speed", Double.isNaN(speed) ? -1 : speed).addTo(points);
            }
        }
    }

    private void addSystem(List<LinePoint> points, HostPage page, String name) {
        List<String> logins = Logins.in(rootfs.resolve("run/utmp"));
        int processors = (int) page.series("node_cpu_seconds_total").stream()
                .filter(labels -> labels.get("mode").equals("idle"))
                .count();
        new Fields("system")
                .tag("host", name)
                .fraction("load1", page.value("node_load1"))
                .fraction("load5", page.value("node_load5"))
                .fraction("load15", page.value("node_load15"))
                .whole("n_users", logins.size())
                .whole("n_unique_users", Set.copyOf(logins).size())
                .whole("n_cpus", processors)
                .whole("n_physical_cpus", cores())
                .addTo(points);
        String words = line(procfs.resolve("uptime"));
        int dot = words.indexOf('.');
        if (dot > 0) {
            long uptime = Long.parseLong(words.substring(0, dot));
            new Fields("system").tag("host", name).whole("uptime", uptime).addTo(points);
            new Fields("system")
                    .tag("host", name)
                    .text("uptime_format", uptimeText(uptime))
                    .addTo(points);
        }
    }

    /** For example {@code 20 days,  8:26}. */
    static String uptimeText(long seconds) {
        long minutes = seconds / SECONDS_PER_MINUTE;
        long hours = minutes / MINUTES_PER_HOUR;
        long days = hours / HOURS_PER_DAY;
        String clock = String.format(Locale.ROOT, "%2d:%02d", hours % HOURS_PER_DAY, minutes % MINUTES_PER_HOUR);
        return days == 0 ? clock : days + (days == 1 ? " day, " : " days, ") + clock;
    }

    // Processors that share a core tell the same list.
    private double cores() {
        Set<String> lists = new HashSet<>();
        try (DirectoryStream<Path> processors =
                Files.newDirectoryStream(sysfs.resolve("devices/system/cpu"), "cpu[0-9]*")) {
            for (Path processor : processors) {
                String list = line(processor.resolve("topology/core_cpus_list"));
                lists.add(list.isEmpty() ? line(processor.resolve("topology/thread_siblings_list")) : list);
            }
        } catch (IOException e) {
            return Double.NaN;
        }
        lists.remove("");
        return lists.isEmpty() ? Double.NaN : lists.size();
    }

    private static void addKernel(List<LinePoint> points, HostPage page, String name) {
        new Fields("kernel")
                .tag("host", name)
                .whole("boot_time", page.value("node_boot_time_seconds"))
                .whole("context_switches", page.value("node_context_switches_total"))
                .whole("disk_pages_in", page.value("node_vmstat_pgpgin"))
                .whole("disk_pages_out", page.value("node_vmstat_pgpgout"))
                .whole("entropy_avail", page.value("node_entropy_available_bits"))
                .whole("interrupts", page.value("node_intr_total"))
                .whole("processes_forked", page.value("node_forks_total"))
                .addTo(points);
    }

    private void addPressure(List<LinePoint> points, String name) {
        for (String resource : List.of("cpu", "io", "memory")) {
            for (String line : lines(procfs.resolve("pressure").resolve(resource))) {
                String[] words = line.split(" ", -1);
                boolean told = words.length == 5 && !(resource.equals("cpu") && words[0].equals("full"));
                if (told) {
                    Fields shares = pressure(resource, words[0], name);
                    for (int i = 1; i < words.length - 1; i++) {
                        int sign = words[i].indexOf('=');
                        shares.fraction(words[i].substring(0, sign), Double.parseDouble(words[i].substring(sign + 1)));
                    }
                    shares.addTo(points);
                    pressure(resource, words[0], name)
                            .whole("total", Double.parseDouble(words[words.length - 1].substring("total=".length())))
                            .addTo(points);
                }
            }
        }
    }

    private static Fields pressure(String resource, String type, String name) {
        return new Fields("pressure")
                .tag("host", name)
                .tag("resource", resource)
                .tag("type", type);
    }

    private static void addDisks(List<LinePoint> points, HostPage page, String name) {
        for (Labels labels : page.series("node_filesystem_size_bytes")) {
            String device = labels.get("device");
            boolean ignored = labels.get("fstype").equals("tmpfs");
            if (!ignored) {
                double total = page.value("node_filesystem_size_bytes", labels);
                double free = page.value("node_filesystem_avail_bytes", labels);
                double used = total - page.value("node_filesystem_free_bytes", labels);
                double inodes = page.value("node_filesystem_files", labels);
                double inodesFree = page.value("node_filesystem_files_free", labels);
                double inodesUsed = inodes - inodesFree;
                new Fields("disk")
                        .tag("device", device.startsWith(DEVICES) ? device.substring(DEVICES.length()) : device)
                        .tag("fstype", labels.get("fstype"))
                        .tag("host", name)
                        .tag("mode", page.value("node_filesystem_readonly", labels) == 1 ? "ro" : "rw")
                        .tag("path", labels.get("mountpoint"))
                        .whole("total", total)
                        .whole("free", free)
                        .whole("used", used)
                        .fraction("used_percent", used + free == 0 ? 0 : PERCENT * used / (used + free))
                        .whole("inodes_total", inodes)
                        .whole("inodes_free", inodesFree)
                        .whole("inodes_used", inodesUsed)
                        .fraction("inodes_used_percent", inodes == 0 ? 0 : PERCENT * inodesUsed / inodes)
                        .addTo(points);
            }
        }
    }

    private static String line(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? "" : lines.get(0).strip();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // older kernels and containers lack some
        }
    }

    @Override
    public void close() {
        host.close();
    }
}
