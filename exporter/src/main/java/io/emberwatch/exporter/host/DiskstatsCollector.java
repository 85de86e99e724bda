package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** Counters of block devices from {@code /proc/diskstats}: sectors as 512 bytes, milliseconds as seconds. */
final class DiskstatsCollector implements SampleSource {
    private static final double SECTOR = 512;
    private static final double MILLI = 0.001;

    private record Column(String name, double factor, MetricType type, String help) {}

    private static final List<Column> COLUMNS = List.of(
            counter("reads_completed_total", 1, "The total number of reads completed successfully."),
            counter("reads_merged_total", 1, "The total number of reads merged."),
            counter("read_bytes_total", SECTOR, "The total number of bytes read successfully."),
            counter("read_time_seconds_total", MILLI, "The total number of seconds spent by all reads."),
            counter("writes_completed_total", 1, "The total number of writes completed successfully."),
            counter("writes_merged_total", 1, "The number of writes merged."),
            counter("written_bytes_total", SECTOR, "The total number of bytes written successfully."),
            counter("write_time_seconds_total", MILLI, "This is the total number of seconds spent by all writes."),
            new Column("io_now", 1, MetricType.GAUGE, "The number of I/Os currently in progress."),
            counter("io_time_seconds_total", MILLI, "Total seconds spent doing I/Os."),
            counter("io_time_weighted_seconds_total", MILLI, "The weighted # of seconds spent doing I/Os."),
            counter("discards_completed_total", 1, "The total number of discards completed successfully."),
            counter("discards_merged_total", 1, "The total number of discards merged."),
            counter("discarded_sectors_total", 1, "The total number of sectors discarded successfully."),
            counter("discard_time_seconds_total", MILLI, "This is the total number of seconds spent by all discards."),
            counter("flush_requests_total", 1, "The total number of flush requests completed successfully"),
            counter(
                    "flush_requests_time_seconds_total",
                    MILLI,
                    "This is the total number of seconds spent by all flush requests."));

    private final ProcFiles files;
    private final Predicate<String> excluded;

    DiskstatsCollector(ProcFiles files, Predicate<String> excluded) {
        this.files = files;
        this.excluded = excluded;
    }

    private static Column counter(String name, double factor, String help) {
        return new Column(name, factor, MetricType.COUNTER, help);
    }

    @Override
    public String name() {
        return "diskstats";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        Families families = new Families();
        for (String line : files.procLines("diskstats")) {
            String[] words = line.trim().split(" +", -1);
            if (words.length < 4 || excluded.test(words[2])) {
                continue;
            }
            Labels labels = Labels.of("device", words[2]);
            for (int i = 0; i < COLUMNS.size() && i + 3 < words.length; i++) {
                Column column = COLUMNS.get(i);
                families.add(
                        "node_disk_" + column.name(),
                        column.type(),
                        column.help(),
                        labels,
                        Double.parseDouble(words[i + 3]) * column.factor());
            }
        }
        return families.list();
    }
}
