package io.emberwatch.exporter.telegraf;

import io.emberwatch.model.Labels;
import io.emberwatch.model.line.LinePoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Telegraf's input {@code diskio}: counts and milliseconds of every disk, and what follows from two pages. */
final class DiskTraffic {
    private static final double MILLIS = 1e3;
    private static final double PERCENT = 100;
    private static final double NANOS_PER_MILLI = 1e6;

    private Map<String, Last> before = Map.of();
    private long readAt;

    private record Last(double operations, double busyMillis, double ioMillis) {}

    /** @param nanos a clock that only measures how long something took */
    void addTo(List<LinePoint> points, HostPage page, String host, long nanos) {
        Map<String, Last> now = new HashMap<>();
        double elapsed = (nanos - readAt) / NANOS_PER_MILLI;
        for (Labels labels : page.series("node_disk_reads_completed_total")) {
            add(points, page, labels, host, elapsed, now);
        }
        before = now;
        readAt = nanos;
    }

    private void add(
            List<LinePoint> points, HostPage page, Labels labels, String host, double elapsed, Map<String, Last> now) {
        String name = labels.get("device");
        double reads = page.value("node_disk_reads_completed_total", labels);
        double writes = page.value("node_disk_writes_completed_total", labels);
        double readTime = millis(page, "read_time", labels);
        double writeTime = millis(page, "write_time", labels);
        double ioTime = millis(page, "io_time", labels);
        Fields fields = new Fields("diskio")
                .tag("host", host)
                .tag("name", name)
                .whole("reads", reads)
                .whole("writes", writes)
                .whole("read_bytes", page.value("node_disk_read_bytes_total", labels))
                .whole("write_bytes", page.value("node_disk_written_bytes_total", labels))
                .whole("read_time", readTime)
                .whole("write_time", writeTime)
                .whole("io_time", ioTime)
                .whole("weighted_io_time", millis(page, "io_time_weighted", labels))
                .whole("iops_in_progress", page.value("node_disk_io_now", labels))
                .whole("merged_reads", page.value("node_disk_reads_merged_total", labels))
                .whole("merged_writes", page.value("node_disk_writes_merged_total", labels));
        Last current = new Last(reads + writes, readTime + writeTime, ioTime);
        Last last = before.get(name);
        if (last != null) {
            double operations = current.operations - last.operations;
            if (operations > 0) {
                fields.fraction("io_await", (current.busyMillis - last.busyMillis) / operations)
                        .fraction("io_svctm", (current.ioMillis - last.ioMillis) / operations);
            }
            if (elapsed > 0) {
                fields.fraction("io_util", PERCENT * (current.ioMillis - last.ioMillis) / elapsed);
            }
        }
        now.put(name, current);
        fields.addTo(points);
    }

    // Whole in the kernel's file.
    private static double millis(HostPage page, String name, Labels disk) {
        return Math.rint(MILLIS * page.value("node_disk_" + name + "_seconds_total", disk));
    }
}
