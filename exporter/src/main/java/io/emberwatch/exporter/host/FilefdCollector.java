package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** Open files of the whole machine, from /proc/sys/fs/file-nr. */
final class FilefdCollector implements SampleSource {
    private final KernelFile fileNr;

    FilefdCollector(HostPaths paths) {
        fileNr = paths.proc("sys/fs/file-nr");
    }

    @Override
    public String name() {
        return "filefd";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<String> words = Words.of(fileNr.text());
        if (words.size() < 3) {
            throw new IOException(fileNr + ": expected three numbers");
        }
        return List.of(
                MetricFamily.gauge(
                        "node_filefd_allocated", "File descriptor statistics: allocated.", Words.count(words.get(0))),
                MetricFamily.gauge(
                        "node_filefd_maximum", "File descriptor statistics: maximum.", Words.count(words.get(2))));
    }
}
