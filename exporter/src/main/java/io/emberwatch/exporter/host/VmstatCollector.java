package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chosen fields of /proc/vmstat. */
final class VmstatCollector implements SampleSource {
    private final KernelFile vmstat;
    private final Pattern fields;
    private final Map<String, Boolean> shown = new HashMap<>();
    private final Map<String, Family> families = new HashMap<>();

    VmstatCollector(HostPaths paths, String fields) {
        vmstat = paths.proc("vmstat");
        this.fields = Pattern.compile(fields);
    }

    @Override
    public String name() {
        return "vmstat";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> result = new ArrayList<>();
        for (String line : vmstat.lines()) {
            int blank = line.indexOf(' ');
            String field = blank < 0 ? "" : line.substring(0, blank);
            if (shown.computeIfAbsent(field, name -> fields.matcher(name).find())) {
                Family family = families.computeIfAbsent(
                        field,
                        name -> Family.untyped("node_vmstat_" + name, "/proc/vmstat information field " + name + '.'));
                family.add(Words.count(line.substring(blank + 1).strip()));
                family.flushTo(result);
            }
        }
        return result;
    }
}
