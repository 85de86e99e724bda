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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The time, its zone, and the clocks that the kernel has. */
final class TimeCollector implements SampleSource {
    private static final DateTimeFormatter ZONE_NAME = DateTimeFormatter.ofPattern("zzz", Locale.ROOT);
    private static final double NANOS = 1e-9;
    private static final String DEVICE = "clocksource";

    private final InstantSource clock;
    private final ZoneId zone;
    private final Path clocks;
    private @Nullable List<ClockDevice> devices;
    private @Nullable Named named;
    private final Family seconds = Family.gauge("node_time_seconds", "System time in seconds since epoch (1970).");
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
        seconds.add(now.getEpochSecond() + now.getNano() * NANOS);
        seconds.flushTo(families);
        offset.add(local.getOffset().getTotalSeconds(), "time_zone", zoneName(local));
        addClocks();
        offset.flushTo(families);
        available.flushTo(families);
        current.flushTo(families);
        return families;
    }

    // To find out what a zone is called takes longer than everything else here; it changes with summer time.
    private String zoneName(ZonedDateTime local) {
        boolean summer = zone.getRules().isDaylightSavings(local.toInstant());
        ZoneOffset now = local.getOffset();
        if (named == null || named.summer != summer || !named.offset.equals(now)) {
            named = new Named(summer, now, ZONE_NAME.format(local));
        }
        return named.name;
    }

    private void addClocks() throws IOException {
        if (devices == null) {
            devices = devices();
        }
        for (ClockDevice device : devices) {
            for (String name : Words.of(device.available.stripped())) {
                available.add(1, "device", device.number, "clocksource", name);
            }
            String one = device.current.stripped();
            if (!one.isEmpty()) {
                current.add(1, "device", device.number, "clocksource", one);
            }
        }
    }

    // The kernel has one for good.
    private List<ClockDevice> devices() throws IOException {
        List<ClockDevice> found = new ArrayList<>();
        if (Files.isDirectory(clocks)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(clocks, DEVICE + "[0-9]*")) {
                for (Path folder : folders) {
                    found.add(new ClockDevice(
                            folder.getFileName().toString().substring(DEVICE.length()),
                            new KernelFile(folder.resolve("available_clocksource")),
                            new KernelFile(folder.resolve("current_clocksource"))));
                }
            }
        }
        return found;
    }

    private record ClockDevice(String number, KernelFile available, KernelFile current) {}

    private record Named(boolean summer, ZoneOffset offset, String name) {}
}
