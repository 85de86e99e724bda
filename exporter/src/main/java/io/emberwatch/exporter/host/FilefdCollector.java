package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** Open file descriptors of the whole system from {@code /proc/sys/fs/file-nr}. */
final class FilefdCollector implements SampleSource {
    private final ProcFiles files;

    FilefdCollector(ProcFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "filefd";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        String[] words = files.proc("sys/fs/file-nr").trim().split("\\s+", -1);
        return List.of(
                MetricFamily.gauge(
                        "node_filefd_allocated",
                        "File descriptor statistics: allocated.",
                        Double.parseDouble(words[0])),
                MetricFamily.gauge(
                        "node_filefd_maximum", "File descriptor statistics: maximum.", Double.parseDouble(words[2])));
    }
}
