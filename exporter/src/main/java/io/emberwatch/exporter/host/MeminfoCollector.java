package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;

/** Every line of {@code /proc/meminfo}; kilobytes as bytes. */
final class MeminfoCollector implements SampleSource {
    private final ProcFiles files;

    MeminfoCollector(ProcFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "meminfo";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        Families families = new Families();
        for (String line : files.procLines("meminfo")) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String[] words = line.substring(colon + 1).trim().split(" +", -1);
            String field = line.substring(0, colon).replace('(', '_').replace(")", "");
            double value = Double.parseDouble(words[0]);
            if (words.length > 1) {
                field += "_bytes";
                value *= 1024;
            }
            families.add(
                    "node_memory_" + field,
                    field.endsWith("_total") ? MetricType.COUNTER : MetricType.GAUGE,
                    "Memory information field " + field + ".",
                    Labels.EMPTY,
                    value);
        }
        return families.list();
    }
}
