package io.emberwatch.exporter.telegraf;

import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.line.FieldValue;
import io.emberwatch.model.line.LinePoint;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The machine under Telegraf's names on the page, as Telegraf's own output for Prometheus names them:
 * {@code <measurement>_<field>}, tags as labels, text left out.
 *
 * <p>Shares are those since the page before, of at least {@value #LEAST_NANOS} ns: of pages that follow sooner each shows what
 * the last one showed.
 */
public final class TelegrafPart implements Part {
    static final String NAME = "telegraf";
    private static final long LEAST_NANOS = 1_000_000_000;
    private static final String HELP = "Telegraf collected metric";

    // Telegraf calls all of net, kernel and diskio counters; these are what grows.
    private static final Set<String> COUNTERS = Set.of(
            "net_bytes_sent",
            "net_bytes_recv",
            "net_packets_sent",
            "net_packets_recv",
            "net_err_in",
            "net_err_out",
            "net_drop_in",
            "net_drop_out",
            "kernel_context_switches",
            "kernel_disk_pages_in",
            "kernel_disk_pages_out",
            "kernel_interrupts",
            "kernel_processes_forked",
            "pressure_total",
            "system_uptime",
            "diskio_reads",
            "diskio_writes",
            "diskio_read_bytes",
            "diskio_write_bytes",
            "diskio_read_time",
            "diskio_write_time",
            "diskio_io_time",
            "diskio_weighted_io_time",
            "diskio_merged_reads",
            "diskio_merged_writes");

    private final TelegrafHost host;
    private final List<Source> sources;

    public TelegrafPart(HostConfig config, InstantSource clock) {
        host = new TelegrafHost(config, clock);
        sources = List.of(Source.in(HostCollectors.GROUP, new Page(host, System::nanoTime)));
    }

    @Override
    public List<Source> sources() {
        return sources;
    }

    @Override
    public void close() {
        host.close();
    }

    static final class Page implements SampleSource {
        private final TelegrafHost host;
        private final LongSupplier nanos;
        private List<MetricFamily> last = List.of();
        private long readAt;
        private boolean read;

        Page(TelegrafHost host, LongSupplier nanos) {
            this.host = host;
            this.nanos = nanos;
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
            long now = nanos.getAsLong();
            if (!read || now - readAt >= LEAST_NANOS) {
                last = families(host.gather(deadline));
                readAt = now;
                read = true;
            }
            return last;
        }
    }

    static List<MetricFamily> families(List<LinePoint> points) {
        Map<String, List<MetricPoint>> families = new LinkedHashMap<>();
        for (LinePoint point : points) {
            Labels.Builder labels = Labels.builder();
            point.tags().forEach(tag -> labels.set(tag.key(), tag.value()));
            Labels built = labels.build();
            for (LinePoint.Field field : point.fields()) {
                String name = point.measurement() + "_" + field.key();
                double value = number(field.value());
                if (!Double.isNaN(value)) {
                    families.computeIfAbsent(name, key -> new ArrayList<>()).add(MetricPoint.of(name, built, value));
                }
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        families.forEach((name, samples) -> result.add(
                MetricFamily.of(name, COUNTERS.contains(name) ? MetricType.COUNTER : MetricType.GAUGE, HELP, samples)));
        return result;
    }

    private static double number(FieldValue value) {
        if (value instanceof FieldValue.FloatValue fraction) {
            return fraction.value();
        }
        return value instanceof FieldValue.IntegerValue whole ? whole.value() : Double.NaN;
    }
}
