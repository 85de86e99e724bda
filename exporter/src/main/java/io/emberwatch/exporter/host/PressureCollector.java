package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pressure stall information; kernels without it, or with it switched off, have nothing to tell. */
final class PressureCollector implements SampleSource {
    private static final Logger logger = LoggerFactory.getLogger("host");
    private static final double MICROS = 1e-6;
    private static final String TOTAL = "total=";
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

    private final List<KernelFile> files;

    PressureCollector(HostPaths paths) {
        files = RESOURCES.stream().map(name -> paths.proc("pressure/" + name)).toList();
    }

    @Override
    public String name() {
        return "pressure";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> families = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            try {
                add(RESOURCES.get(i), files.get(i).lines(), families);
            } catch (NoDataException e) {
                logger.trace("no pressure of {}", RESOURCES.get(i)); // irq came later than the others
            }
        }
        if (families.isEmpty()) {
            throw new NoDataException("the kernel keeps no pressure stall information");
        }
        return families;
    }

    private static void add(String resource, List<String> lines, List<MetricFamily> families) {
        for (String line : lines) {
            int total = line.lastIndexOf(TOTAL);
            Counter counter = total < 0 ? null : COUNTERS.get(resource + ' ' + line.substring(0, line.indexOf(' ')));
            if (counter != null) {
                double micros =
                        Words.count(line.substring(total + TOTAL.length()).strip());
                families.add(MetricFamily.counter(counter.name, counter.help, micros * MICROS));
            }
        }
    }

    private record Counter(String name, String help) {}
}
