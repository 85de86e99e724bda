package io.emberwatch.exporter.host;

import io.emberwatch.model.flow.SampleSource;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/** The host's metrics as sources, one per node_exporter collector, so that each can be asked for by itself. */
public final class HostCollectors {
    private HostCollectors() {}

    /** The configured collectors in the order of the configuration; empty when host metrics are off. */
    public static List<SampleSource> of(HostConfig config, InstantSource clock) {
        if (!config.enabled()) {
            return List.of();
        }
        ProcFiles files = new ProcFiles(config.procfs(), config.sysfs());
        return config.collectors().stream()
                .map(name -> collector(name, files, config, clock))
                .toList();
    }

    private static SampleSource collector(String name, ProcFiles files, HostConfig config, InstantSource clock) {
        Predicate<String> disks = HostConfig.excluded(config.diskExclude());
        return switch (name) {
            case "cpu" -> new CpuCollector(files);
            case "diskstats" -> new DiskstatsCollector(files, disks);
            case "filefd" -> new FilefdCollector(files);
            case "filesystem" -> new FilesystemCollector(files, config);
            case "loadavg" -> new LoadavgCollector(files);
            case "meminfo" -> new MeminfoCollector(files);
            case "netdev" -> new NetdevCollector(files, HostConfig.excluded(config.networkExclude()));
            case "stat" -> new StatCollector(files);
            case "time" -> new TimeCollector(clock);
            case "uname" -> new UnameCollector(files);
            case "vmstat" -> new VmstatCollector(files);
            default -> throw new IllegalArgumentException(name + ": unknown collector");
        };
    }
}
