package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What udev knows of disks: the lines {@code E:NAME=value} of {@code /run/udev/data/b<major>:<minor>}. */
final class UdevDisks {
    private static final String PROPERTY = "E:";

    private final Path data;
    private final Path blocks;
    private final Map<String, Device> known = new HashMap<>();

    private final Family info = Family.gauge("node_disk_info", "Info of /sys/block/<block_device>.");
    private final Family filesystem = Family.gauge("node_disk_filesystem_info", "Info about disk filesystem.");
    private final Family mapper = Family.gauge("node_disk_device_mapper_info", "Info about disk device mapper.");
    private final Family backing = Family.gauge(
            "node_disk_device_mapper_backing_device_info",
            "Info about the underlying block devices of a device mapper device.");
    private final Family writeCache = Family.gauge("node_disk_ata_write_cache", "ATA disk has a write cache.");
    private final Family writeCacheEnabled =
            Family.gauge("node_disk_ata_write_cache_enabled", "ATA disk has its write cache enabled.");
    private final Family rotation =
            Family.gauge("node_disk_ata_rotation_rate_rpm", "ATA disk rotation rate in RPMs (0 for SSDs).");

    UdevDisks(HostPaths paths) {
        data = paths.udevData();
        blocks = paths.sys("block");
    }

    void add(String device, String major, String minor) {
        Device facts = facts(device, major, minor);
        Map<String, String> udev = facts.properties;
        info.add(
                1,
                "device",
                device,
                "major",
                major,
                "minor",
                minor,
                "path",
                value(udev, "ID_PATH"),
                "wwn",
                value(udev, "ID_WWN"),
                "model",
                value(udev, "ID_MODEL"),
                "serial",
                first(udev, "SCSI_IDENT_SERIAL", "ID_SERIAL_SHORT", "ID_SERIAL"),
                "revision",
                value(udev, "ID_REVISION"),
                "rotational",
                facts.rotational);
        if (udev.containsKey("ID_FS_TYPE")) {
            filesystem.add(
                    1,
                    "device",
                    device,
                    "type",
                    value(udev, "ID_FS_TYPE"),
                    "usage",
                    value(udev, "ID_FS_USAGE"),
                    "uuid",
                    value(udev, "ID_FS_UUID"),
                    "version",
                    value(udev, "ID_FS_VERSION"));
        }
        if (udev.containsKey("DM_NAME")) {
            mapper.add(
                    1,
                    "device",
                    device,
                    "name",
                    value(udev, "DM_NAME"),
                    "uuid",
                    value(udev, "DM_UUID"),
                    "vg_name",
                    value(udev, "DM_VG_NAME"),
                    "lv_name",
                    value(udev, "DM_LV_NAME"),
                    "lv_layer",
                    value(udev, "DM_LV_LAYER"));
            facts.backing.forEach(name -> backing.add(1, "device", device, "backing_device", name));
        }
        if (udev.containsKey("ID_ATA")) {
            addNumber(writeCache, device, udev.get("ID_ATA_WRITE_CACHE"));
            addNumber(writeCacheEnabled, device, udev.get("ID_ATA_WRITE_CACHE_ENABLED"));
            addNumber(rotation, device, udev.get("ID_ATA_ROTATION_RATE_RPM"));
        }
    }

    private static void addNumber(Family family, String device, @Nullable String value) {
        if (value != null && !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            family.add(Words.count(value), "device", device);
        }
    }

    private static String value(Map<String, String> udev, String name) {
        return udev.getOrDefault(name, "");
    }

    private static String first(Map<String, String> udev, String... names) {
        for (String name : names) {
            String value = value(udev, name);
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    void flushTo(List<MetricFamily> families) {
        for (Family family : List.of(info, filesystem, mapper, backing, writeCache, writeCacheEnabled, rotation)) {
            family.flushTo(families);
        }
    }

    // Read again only when udev has written the file anew: these facts hardly ever change.
    private Device facts(String device, String major, String minor) {
        Path file = data.resolve('b' + major + ':' + minor);
        long modified = file.toFile().lastModified(); // 0 without udev
        Device facts = known.get(device);
        if (facts == null || facts.modified != modified) {
            String rotational = KernelFile.firstLine(blocks.resolve(device).resolve("queue/rotational"));
            facts = new Device(modified, properties(file), rotational == null ? "" : rotational, slaves(device));
            known.put(device, facts);
        }
        return facts;
    }

    private static Map<String, String> properties(Path file) {
        Map<String, String> properties = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (line.startsWith(PROPERTY) && equals > 0) {
                    properties.put(line.substring(PROPERTY.length(), equals), line.substring(equals + 1));
                }
            }
        } catch (IOException e) {
            return Map.of(); // without udev there is less to tell
        }
        return properties;
    }

    private List<String> slaves(String device) {
        List<String> names = new ArrayList<>();
        Path folder = blocks.resolve(device).resolve("slaves");
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> slaves = Files.newDirectoryStream(folder)) {
                slaves.forEach(slave -> names.add(slave.getFileName().toString()));
            } catch (IOException e) {
                return List.of();
            }
        }
        names.sort(null);
        return names;
    }

    private record Device(long modified, Map<String, String> properties, String rotational, List<String> backing) {}
}
