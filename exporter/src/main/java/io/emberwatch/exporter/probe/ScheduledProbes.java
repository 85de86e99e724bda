package io.emberwatch.exporter.probe;

import io.emberwatch.exporter.status.Families;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.util.List;

/** What was found last of every target that is probed regularly. */
final class ScheduledProbes implements SampleSource {
    private final List<ScheduledProbe> probes;

    ScheduledProbes(List<ScheduledProbe> probes) {
        this.probes = List.copyOf(probes);
    }

    @Override
    public String name() {
        return "probe";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        Families families = new Families();
        probes.forEach(probe -> families.addAll(probe.last()));
        return families.list();
    }
}
