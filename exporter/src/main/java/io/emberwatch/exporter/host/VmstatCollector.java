package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chosen fields of /proc/vmstat. */
final class VmstatCollector implements SampleSource {
    private final KernelFile vmstat;
    private final Pattern fields;
    private final Rows<Field> rows = new Rows<>(this::field);

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
        KernelText text = vmstat.read();
        rows.rewind();
        while (text.nextLine()) {
            Family family = text.nextWord() ? rows.of(text).family : null;
            if (family != null) {
                text.nextWord();
                family.add(text.count());
                family.flushTo(result);
            }
        }
        return result;
    }

    private Field field(String name) {
        return new Field(
                fields.matcher(name).find()
                        ? Family.untyped("node_vmstat_" + name, "/proc/vmstat information field " + name + '.')
                        : null);
    }

    /** @param family null when the field is not shown */
    private record Field(@Nullable Family family) {}
}
