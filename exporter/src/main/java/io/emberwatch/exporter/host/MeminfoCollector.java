package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every line of /proc/meminfo, known to node_exporter's fixed list or not. */
final class MeminfoCollector implements SampleSource {
    private static final double KIB = 1024;

    private final KernelFile meminfo;
    private final Map<String, SeriesKey> keys = new HashMap<>();

    MeminfoCollector(HostPaths paths) {
        meminfo = paths.proc("meminfo");
    }

    @Override
    public String name() {
        return "meminfo";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> families = new ArrayList<>();
        for (String line : meminfo.lines()) {
            int colon = line.indexOf(':');
            List<String> words = colon < 0 ? List.of() : Words.of(line.substring(colon + 1));
            if (!words.isEmpty()) {
                boolean kib = words.size() > 1 && words.get(1).equals("kB");
                String field = line.substring(0, colon).replace('(', '_').replace(")", "") + (kib ? "_bytes" : "");
                families.add(family(field, Words.count(words.get(0)) * (kib ? KIB : 1)));
            }
        }
        return families;
    }

    private MetricFamily family(String field, double value) {
        SeriesKey key = keys.computeIfAbsent(field, f -> SeriesKey.of("node_memory_" + f, Labels.EMPTY));
        MetricType type = field.endsWith("_total") ? MetricType.COUNTER : MetricType.GAUGE;
        return MetricFamily.of(
                key.name(), type, "Memory information field " + field + '.', List.of(MetricPoint.of(key, value)));
    }
}
