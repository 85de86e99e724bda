package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What uname(2) tells, read from /proc/sys/kernel. */
final class UnameCollector implements SampleSource {
    private final HostPaths paths;

    UnameCollector(HostPaths paths) {
        this.paths = paths;
    }

    @Override
    public String name() {
        return "uname";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        Labels labels = Labels.builder()
                .set("sysname", kernel("ostype"))
                .set("release", kernel("osrelease"))
                .set("version", kernel("version"))
                .set("machine", machine())
                .set("nodename", kernel("hostname"))
                .set("domainname", kernel("domainname"))
                .build();
        return List.of(MetricFamily.of(
                "node_uname_info",
                MetricType.GAUGE,
                "Labeled system information as provided by the uname system call.",
                List.of(MetricPoint.of("node_uname_info", labels, 1))));
    }

    private String kernel(String file) {
        @Nullable
        String text = KernelFile.firstLine(paths.procfs().resolve("sys/kernel").resolve(file));
        return text == null ? "" : text;
    }

    // The kernel tells since 6.1.
    private String machine() {
        String arch = kernel("arch");
        if (!arch.isEmpty()) {
            return arch;
        }
        String java = System.getProperty("os.arch", "");
        return java.equals("amd64") ? "x86_64" : java;
    }
}
