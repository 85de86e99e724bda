package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** How much randomness the kernel holds. */
final class EntropyCollector implements SampleSource {
    private final KernelFile available;
    private final KernelFile size;

    EntropyCollector(HostPaths paths) {
        available = paths.proc("sys/kernel/random/entropy_avail");
        size = paths.proc("sys/kernel/random/poolsize");
    }

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        return List.of(
                MetricFamily.gauge(
                        "node_entropy_available_bits",
                        "Bits of available entropy.",
                        Words.count(available.text().strip())),
                MetricFamily.gauge(
                        "node_entropy_pool_size_bits",
                        "Bits of entropy pool.",
                        Words.count(size.text().strip())));
    }
}
