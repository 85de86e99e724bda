package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.exporter.scrape.SourceReport;
import io.emberwatch.exporter.scrape.SourceReport.Outcome;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.flow.SampleSource;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The collectors of the host: each a source by itself, all of them together the group {@value #GROUP}. */
public final class HostCollectors implements Part {
    public static final String GROUP = "host";

    /** Every collector there is. */
    public static final List<String> NAMES = List.of(
            "arp",
            "bonding",
            "conntrack",
            "cpu",
            "cpufreq",
            "diskstats",
            "entropy",
            "filefd",
            "filesystem",
            "hwmon",
            "loadavg",
            "mdadm",
            "meminfo",
            "netclass",
            "netdev",
            "netstat",
            "os",
            "pressure",
            "processes",
            "sockstat",
            "softnet",
            "stat",
            "thermal_zone",
            "time",
            "timex",
            "uname",
            "vmstat");

    private static final String DURATION = "node_scrape_collector_duration_seconds";
    private static final String SUCCESS = "node_scrape_collector_success";
    private static final List<SeriesKey> DURATIONS = keys(DURATION);
    private static final List<SeriesKey> SUCCESSES = keys(SUCCESS);

    private final HostConfig config;
    private final HostPaths paths;
    private final InstantSource clock;
    private final ZoneId zone;
    private final ExecutorService workers;
    private final List<Source> sources;

    /** @param zone the machine's time zone */
    public HostCollectors(HostConfig config, InstantSource clock, ZoneId zone) {
        this.config = config;
        this.paths = HostPaths.of(config);
        this.clock = clock;
        this.zone = zone;
        workers = new ThreadPoolExecutor(
                0, MountProbe.MAX_STUCK + 4, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "mounts");
                    thread.setDaemon(true);
                    return thread;
                });
        sources = List.copyOf(enabled());
    }

    @Override
    public List<Source> sources() {
        return sources;
    }

    private List<Source> enabled() {
        List<Source> enabled = new ArrayList<>();
        if (config.enabled() && config.names().contains(HostConfig.Names.NODE)) {
            for (String name : NAMES) {
                if (config.collectors().contains(name)) {
                    enabled.add(Source.in(GROUP, collector(name)));
                }
            }
        }
        return enabled;
    }

    private SampleSource collector(String name) {
        return switch (name) {
            case "arp" -> new ArpCollector(paths);
            case "bonding" -> new BondingCollector(paths);
            case "conntrack" -> new ConntrackCollector(paths);
            case "cpu" ->
                new CpuDescription(new CpuCollector(paths, config.cpu().guest()), paths, config.cpu());
            case "cpufreq" -> new CpufreqCollector(paths);
            case "diskstats" -> new DiskstatsCollector(paths, config.diskstats().deviceExclude());
            case "entropy" -> new EntropyCollector(paths);
            case "filefd" -> new FilefdCollector(paths);
            case "filesystem" -> filesystem();
            case "hwmon" -> new HwmonCollector(paths);
            case "loadavg" -> new LoadavgCollector(paths);
            case "mdadm" -> new MdadmCollector(paths);
            case "meminfo" -> new MeminfoCollector(paths);
            case "netclass" -> new NetclassCollector(paths, config.netclass().ignoredDevices());
            case "netdev" -> new NetdevCollector(paths, config.netdev().deviceExclude());
            case "netstat" -> new NetstatCollector(paths, config.netstat().fields());
            case "os" -> new OsCollector(paths);
            case "pressure" -> new PressureCollector(paths);
            case "processes" -> new ProcessesCollector(paths);
            case "sockstat" -> new SockstatCollector(paths);
            case "softnet" -> new SoftnetCollector(paths);
            case "stat" -> new StatCollector(paths);
            case "thermal_zone" -> new ThermalZoneCollector(paths);
            case "time" -> new TimeCollector(paths, clock, zone);
            case "timex" -> new TimexCollector();
            case "uname" -> new UnameCollector(paths);
            case "vmstat" -> new VmstatCollector(paths, config.vmstat().fields());
            default -> throw new IllegalArgumentException(name + ": no such collector");
        };
    }

    private FilesystemCollector filesystem() {
        MountProbe probe =
                new MountProbe(FilesystemSpace::ask, config.filesystem().mountTimeout(), workers);
        InodeCounts inodes = new InodeCounts("stat", config.filesystem().inodeInterval(), workers);
        return new FilesystemCollector(paths, config.filesystem(), probe, inodes);
    }

    /** What node_exporter says of each collector, for those of this group that were asked. */
    public static List<MetricFamily> scrapeFamilies(List<SourceReport> reports) {
        List<MetricPoint> durations = new ArrayList<>(reports.size());
        List<MetricPoint> successes = new ArrayList<>(reports.size());
        for (SourceReport report : reports) {
            int number = report.source().group().equals(GROUP)
                    ? NAMES.indexOf(report.source().name())
                    : -1;
            if (number >= 0) {
                durations.add(MetricPoint.of(DURATIONS.get(number), report.seconds()));
                successes.add(MetricPoint.of(SUCCESSES.get(number), report.outcome() == Outcome.SUCCEEDED ? 1 : 0));
            }
        }
        if (durations.isEmpty()) {
            return List.of();
        }
        return List.of(
                MetricFamily.of(
                        DURATION, MetricType.GAUGE, "node_exporter: Duration of a collector scrape.", durations),
                MetricFamily.of(SUCCESS, MetricType.GAUGE, "node_exporter: Whether a collector succeeded.", successes));
    }

    private static List<SeriesKey> keys(String metric) {
        return NAMES.stream()
                .map(name -> SeriesKey.of(metric, Labels.of("collector", name)))
                .toList();
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
