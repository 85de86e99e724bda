package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Disk activity from /proc/diskstats, and what udev knows of each disk. */
final class DiskstatsCollector implements SampleSource {
    private static final double SECTOR_BYTES = 512;
    private static final double MILLIS = 1e-3;

    private static final String P = "node_disk_";

    private final KernelFile diskstats;
    private final UdevDisks udev;
    private final Pattern exclude;
    private final Rows<Disk> rows = new Rows<>(this::disk);
    private final List<Column> columns = List.of(
            counter("reads_completed_total", "The total number of reads completed successfully.", 1),
            counter("reads_merged_total", "The total number of reads merged.", 1),
            counter("read_bytes_total", "The total number of bytes read successfully.", SECTOR_BYTES),
            counter("read_time_seconds_total", "The total number of seconds spent by all reads.", MILLIS),
            counter("writes_completed_total", "The total number of writes completed successfully.", 1),
            counter("writes_merged_total", "The number of writes merged.", 1),
            counter("written_bytes_total", "The total number of bytes written successfully.", SECTOR_BYTES),
            counter("write_time_seconds_total", "This is the total number of seconds spent by all writes.", MILLIS),
            new Column(Family.gauge(P + "io_now", "The number of I/Os currently in progress."), 1),
            counter("io_time_seconds_total", "Total seconds spent doing I/Os.", MILLIS),
            counter("io_time_weighted_seconds_total", "The weighted # of seconds spent doing I/Os.", MILLIS),
            counter("discards_completed_total", "The total number of discards completed successfully.", 1),
            counter("discards_merged_total", "The total number of discards merged.", 1),
            counter("discarded_sectors_total", "The total number of sectors discarded successfully.", 1),
            counter("discard_time_seconds_total", "This is the total number of seconds spent by all discards.", MILLIS),
            counter("flush_requests_total", "The total number of flush requests completed successfully", 1),
            counter(
                    "flush_requests_time_seconds_total",
                    "This is the total number of seconds spent by all flush requests.",
                    MILLIS));

    DiskstatsCollector(HostPaths paths, String deviceExclude) {
        diskstats = paths.proc("diskstats");
        udev = new UdevDisks(paths);
        exclude = Pattern.compile(deviceExclude);
    }

    private static Column counter(String name, String help, double factor) {
        return new Column(Family.counter(P + name, help), factor);
    }

    @Override
    public String name() {
        return "diskstats";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        KernelText text = diskstats.read();
        rows.rewind();
        while (text.nextLine()) {
            if (text.nextWord()) {
                double major = text.count();
                double minor = text.nextWord() ? text.count() : 0;
                Disk disk = text.nextWord() ? rows.of(text) : null;
                if (disk != null && !disk.excluded && add(disk, text)) {
                    udev.add(disk.name, Long.toString((long) major), Long.toString((long) minor));
                }
            }
        }
        List<MetricFamily> families = new ArrayList<>();
        columns.forEach(column -> column.family.flushTo(families));
        udev.flushTo(families);
        return families;
    }

    // Older kernels print fewer columns, newer ones more.
    private boolean add(Disk disk, KernelText text) {
        int i = 0;
        while (i < disk.keys.size() && text.nextWord()) {
            Column column = columns.get(i);
            column.family.add(disk.keys.get(i), text.count() * column.factor);
            i++;
        }
        return i > 0;
    }

    private Disk disk(String name) {
        return new Disk(
                name,
                exclude.matcher(name).find(),
                columns.stream()
                        .map(column -> column.family.key("device", name))
                        .toList());
    }

    /** @param keys one of each column's family */
    private record Disk(String name, boolean excluded, List<SeriesKey> keys) {}

    private record Column(Family family, double factor) {}
}
