package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** Paging, swapping, faults and kills for want of memory from {@code /proc/vmstat}. */
final class VmstatCollector implements SampleSource {
    private final ProcFiles files;

    VmstatCollector(ProcFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "vmstat";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        Families families = new Families();
        for (String line : files.procLines("vmstat")) {
            String[] words = line.split(" ", 2);
            if (words.length == 2 && words[0].matches("(oom_kill|pgpg|pswp|pg.*fault).*")) {
                families.add(
                        "node_vmstat_" + words[0],
                        MetricType.UNKNOWN,
                        "/proc/vmstat information field " + words[0] + ".",
                        Labels.EMPTY,
                        Double.parseDouble(words[1]));
            }
        }
        return families.list();
    }
}
