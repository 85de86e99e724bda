package io.emberwatch.launcher;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.lifecycle.Service;
import java.util.List;

/** A service's own metrics as a source of the exporter's page, so that one scrape can ask for them alone. */
record Shown(Service service) implements SampleSource {
    @Override
    public String name() {
        return service.name();
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        return service.metrics();
    }
}
