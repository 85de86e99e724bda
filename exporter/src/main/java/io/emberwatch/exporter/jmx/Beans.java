package io.emberwatch.exporter.jmx;

import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;

/** A way to the beans of a program. */
interface Beans extends AutoCloseable {
    /** Hands every readable attribute to {@code metrics}. */
    void read(JmxMetrics metrics, Deadline deadline) throws IOException, TargetFault;

    @Override
    default void close() {}
}
