package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Open files of the whole machine, from /proc/sys/fs/file-nr. */
final class FilefdCollector implements SampleSource {
    private final KernelFile fileNr;
    private final Family allocated = Family.gauge("node_filefd_allocated", "File descriptor statistics: allocated.");
    private final Family maximum = Family.gauge("node_filefd_maximum", "File descriptor statistics: maximum.");

    FilefdCollector(HostPaths paths) {
        fileNr = paths.proc("sys/fs/file-nr");
    }

    @Override
    public String name() {
        return "filefd";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<String> words = Words.of(fileNr.text());
        if (words.size() < 3) {
            throw new IOException(fileNr + ": expected three numbers");
        }
        allocated.add(Words.count(words.get(0)));
        maximum.add(Words.count(words.get(2)));
        List<MetricFamily> families = new ArrayList<>();
        allocated.flushTo(families);
        maximum.flushTo(families);
        return families;
    }
}
