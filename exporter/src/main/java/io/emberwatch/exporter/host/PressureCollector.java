package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pressure stall information; kernels without it, or with it switched off, have nothing to tell. */
final class PressureCollector implements SampleSource {
    private static final Logger logger = LoggerFactory.getLogger("host");
    private static final double MICROS = 1e-6;
    private static final byte[] TOTAL = "total=".getBytes(StandardCharsets.US_ASCII);
    private static final String P = "node_pressure_";
    private static final List<String> RESOURCES = List.of("cpu", "io", "memory", "irq");
    private static final Map<String, Counter> COUNTERS = Map.of(
            "cpu some",
                    new Counter(
                            P + "cpu_waiting_seconds_total",
                            "Total time in seconds that processes have waited for CPU time"),
            "io some",
                    new Counter(
                            P + "io_waiting_seconds_total",
                            "Total time in seconds that processes have waited due to IO congestion"),
            "io full",
                    new Counter(
                            P + "io_stalled_seconds_total",
                            "Total time in seconds no process could make progress due to IO congestion"),
            "memory some",
                    new Counter(
                            P + "memory_waiting_seconds_total",
                            "Total time in seconds that processes have waited for memory"),
            "memory full",
                    new Counter(
                            P + "memory_stalled_seconds_total",
                            "Total time in seconds no process could make progress due to memory congestion"),
            "irq full",
                    new Counter(
                            P + "irq_stalled_seconds_total",
                            "Total time in seconds no process could make progress due to IRQ congestion"));

    private final List<Resource> resources;

    PressureCollector(HostPaths paths) {
        resources = RESOURCES.stream()
                .map(name -> new Resource(name, paths.proc("pressure/" + name)))
                .toList();
    }

    @Override
    public String name() {
        return "pressure";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> families = new ArrayList<>();
        for (Resource resource : resources) {
            try {
                resource.addTo(families);
            } catch (NoDataException e) {
                logger.trace("no pressure of {}", resource.name); // irq came later than the others
            }
        }
        if (families.isEmpty()) {
            throw new NoDataException("the kernel keeps no pressure stall information");
        }
        return families;
    }

    /** What has to be waited for. */
    private static final class Resource {
        private final String name;
        private final KernelFile file;
        private final Rows<Line> rows = new Rows<>(this::line);

        Resource(String name, KernelFile file) {
            this.name = name;
            this.file = file;
        }

        void addTo(List<MetricFamily> families) throws IOException {
            KernelText text = file.read();
            rows.rewind();
            while (text.nextLine()) {
                Family family = text.nextWord() ? rows.of(text).family : null;
                while (family != null && text.nextWord()) {
                    if (text.startsWith(TOTAL)) {
                        family.add(text.countAfter(TOTAL.length) * MICROS);
                        family.flushTo(families);
                    }
                }
            }
        }

        private Line line(String kind) {
            Counter counter = COUNTERS.get(name + ' ' + kind);
            return new Line(counter == null ? null : Family.counter(counter.name, counter.help));
        }
    }

    /** @param family null when the line is not shown */
    private record Line(@Nullable Family family) {}

    private record Counter(String name, String help) {}
}
