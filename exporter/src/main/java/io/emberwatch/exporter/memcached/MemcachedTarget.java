package io.emberwatch.exporter.memcached;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.Addresses.HostPort;
import io.emberwatch.exporter.status.StatusTarget;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.exporter.status.Wire;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One memcached server, asked in its text protocol (protocol.txt, "General-purpose statistics" and after). */
public final class MemcachedTarget implements StatusTarget {
    private static final int LARGEST_ANSWER = 4 << 20;
    private static final int LONGEST_LINE = 8 << 10;

    private final MemcachedConfig config;

    public MemcachedTarget(MemcachedConfig config) {
        this.config = config;
    }

    @Override
    public String instance() {
        return config.instance() == null ? config.address() : config.instance();
    }

    @Override
    public List<MetricFamily> read(Deadline deadline) throws IOException, TargetFault {
        try (Wire wire = connect(deadline)) {
            return MemcachedStats.families(
                    stats(wire, "stats"),
                    stats(wire, "stats settings"),
                    stats(wire, "stats items"),
                    config.slabs() ? stats(wire, "stats slabs") : Map.of());
        }
    }

    private Wire connect(Deadline deadline) throws IOException {
        if (config.address().startsWith("/")) {
            return Wire.unix(Path.of(config.address()), deadline, LARGEST_ANSWER);
        }
        HostPort address = Addresses.hostPort(config.address(), MemcachedConfig.PORT);
        return Wire.tcp(address.host(), address.port(), deadline, LARGEST_ANSWER);
    }

    private static Map<String, String> stats(Wire wire, String command) throws IOException, TargetFault {
        wire.send(command + "\r\n");
        Map<String, String> stats = new LinkedHashMap<>();
        while (true) {
            String line = wire.line(LONGEST_LINE);
            if (line.equals("END")) {
                return stats;
            }
            String[] words = line.split(" ", 3);
            if (!words[0].equals("STAT") || words.length < 2) {
                throw TargetFault.garbage(
                        "to " + command + " it answers " + line.substring(0, Math.min(line.length(), 100)));
            }
            stats.put(words[1], words.length == 3 ? words[2] : "");
        }
    }

    @Override
    public MetricFamily verdict(boolean read) {
        return MetricFamily.gauge("memcached_up", "Could the memcached server be reached.", read ? 1 : 0);
    }
}
