package io.emberwatch.exporter.host;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every line of /proc/meminfo, known to node_exporter's fixed list or not. */
final class MeminfoCollector implements SampleSource {
    private static final double KIB = 1024;
    private static final byte[] KIB_UNIT = "kB".getBytes(US_ASCII);

    private final KernelFile meminfo;
    private final Rows<Field> rows = new Rows<>(Field::new);

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
        KernelText text = meminfo.read();
        rows.rewind();
        while (text.nextLine()) {
            if (text.nextBeforeLast(':')) {
                Field field = rows.of(text);
                if (text.nextWord()) {
                    double value = text.count();
                    boolean kib = text.nextWord() && text.is(KIB_UNIT);
                    Family family = field.family(kib);
                    family.add(kib ? value * KIB : value);
                    family.flushTo(families);
                }
            }
        }
        return families;
    }

    /** A line of the file. */
    private static final class Field {
        private final String name;
        private @Nullable Family plain;
        private @Nullable Family bytes;

        Field(String name) {
            this.name = name.replace('(', '_').replace(")", "");
        }

        Family family(boolean kib) {
            Family known = kib ? bytes : plain;
            if (known == null) {
                known = make(kib ? name + "_bytes" : name);
                if (kib) {
                    bytes = known;
                } else {
                    plain = known;
                }
            }
            return known;
        }

        private static Family make(String field) {
            String help = "Memory information field " + field + '.';
            return field.endsWith("_total")
                    ? Family.counter("node_memory_" + field, help)
                    : Family.gauge("node_memory_" + field, help);
        }
    }
}
