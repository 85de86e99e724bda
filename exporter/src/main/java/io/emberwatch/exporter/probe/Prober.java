package io.emberwatch.exporter.probe;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.util.List;

/** A way to probe. Used by many threads at once. */
interface Prober {
    /**
     * Probes.
     *
     * @return whether it succeeded; why not stands in the result
     * @throws IOException when it failed on the way
     */
    boolean probe(String target, Deadline deadline, ProbeResult result) throws IOException;

    /** What is shown when the probe failed before it could say. */
    List<MetricFamily> initial();
}
