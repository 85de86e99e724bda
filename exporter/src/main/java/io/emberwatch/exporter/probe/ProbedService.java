package io.emberwatch.exporter.probe;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.util.List;

/** A module of {@code /probe} that asks a server for its status, as the multi-target exporters do. */
@FunctionalInterface
public interface ProbedService {
    /**
     * The status of a server, or that it is down.
     *
     * @throws IllegalArgumentException when the target is no address of such a server
     */
    List<MetricFamily> ask(String target, Deadline deadline);
}
