package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.util.ArrayList;
import java.util.List;

/** What uname(2) tells, read from /proc/sys/kernel. */
final class UnameCollector implements SampleSource {
    private static final List<String> FILES =
            List.of("ostype", "osrelease", "version", "hostname", "domainname", "arch");
    private static final List<String> LABELS =
            List.of("sysname", "release", "version", "nodename", "domainname", "machine");
    private static final int MACHINE = LABELS.indexOf("machine");

    private final List<KernelFile> files;
    private final Family info =
            Family.gauge("node_uname_info", "Labeled system information as provided by the uname system call.");

    UnameCollector(HostPaths paths) {
        files = FILES.stream().map(file -> paths.proc("sys/kernel/" + file)).toList();
    }

    @Override
    public String name() {
        return "uname";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) {
        String[] labels = new String[2 * LABELS.size()];
        for (int i = 0; i < LABELS.size(); i++) {
            String text = files.get(i).stripped();
            labels[2 * i] = LABELS.get(i);
            labels[2 * i + 1] = i == MACHINE && text.isEmpty() ? machine() : text;
        }
        List<MetricFamily> families = new ArrayList<>();
        info.add(1, labels);
        info.flushTo(families);
        return families;
    }

    // The kernel tells since 6.1.
    private static String machine() {
        String java = System.getProperty("os.arch", "");
        return java.equals("amd64") ? "x86_64" : java;
    }
}
