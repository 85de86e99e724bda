package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** What the kernel calls itself and the host. */
final class UnameCollector implements SampleSource {
    private final ProcFiles files;

    UnameCollector(ProcFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "uname";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        Labels labels = Labels.builder()
                .set("sysname", kernel("ostype"))
                .set("release", kernel("osrelease"))
                .set("version", kernel("version"))
                .set("nodename", kernel("hostname"))
                .set("domainname", kernel("domainname"))
                .set("machine", machine())
                .build();
        return new Families()
                .gauge("node_uname_info", "Labeled system information as provided by the uname system call.", labels, 1)
                .list();
    }

    private String kernel(String name) throws IOException {
        return files.proc("sys/kernel/" + name).trim();
    }

    private String machine() {
        try {
            return kernel("arch");
        } catch (IOException beforeLinux61) {
            String arch = System.getProperty("os.arch", "");
            return arch.equals("amd64") ? "x86_64" : arch;
        }
    }
}
