package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The time, its zone, and the clocks that the kernel has. */
final class TimeCollector implements SampleSource {
    private static final DateTimeFormatter ZONE_NAME = DateTimeFormatter.ofPattern("zzz", Locale.ROOT);
    private static final double NANOS = 1e-9;
    private static final String DEVICE = "clocksource";

    private final InstantSource clock;
    private final ZoneId zone;
    private final Path clocks;
    private final Family offset = Family.gauge("node_time_zone_offset_seconds", "System time zone offset in seconds.");
    private final Family available = Family.gauge(
            "node_time_clocksource_available_info",
            "Available clocksources read from '/sys/devices/system/clocksource'.");
    private final Family current = Family.gauge(
            "node_time_clocksource_current_info", "Current clocksource read from '/sys/devices/system/clocksource'.");

    TimeCollector(HostPaths paths, InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
        clocks = paths.sys("devices/system/clocksource");
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        Instant now = clock.instant();
        ZonedDateTime local = now.atZone(zone);
        List<MetricFamily> families = new ArrayList<>();
        families.add(MetricFamily.gauge(
                "node_time_seconds",
                "System time in seconds since epoch (1970).",
                now.getEpochSecond() + now.getNano() * NANOS));
        offset.add(local.getOffset().getTotalSeconds(), "time_zone", ZONE_NAME.format(local));
        addClocks();
        offset.flushTo(families);
        available.flushTo(families);
        current.flushTo(families);
        return families;
    }

    private void addClocks() throws IOException {
        if (!Files.isDirectory(clocks)) {
            return;
        }
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(clocks, DEVICE + "[0-9]*")) {
            for (Path device : devices) {
                String number = device.getFileName().toString().substring(DEVICE.length());
                String all = KernelFile.firstLine(device.resolve("available_clocksource"));
                for (String name : Words.of(all == null ? "" : all)) {
                    available.add(1, "device", number, "clocksource", name);
                }
                String one = KernelFile.firstLine(device.resolve("current_clocksource"));
                if (one != null) {
                    current.add(1, "device", number, "clocksource", one);
                }
            }
        }
    }
}
