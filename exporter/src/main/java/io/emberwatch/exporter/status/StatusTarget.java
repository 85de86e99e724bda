package io.emberwatch.exporter.status;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.util.List;

/** A server whose status can be read. Asked by one thread at a time. */
public interface StatusTarget extends AutoCloseable {
    /** What it is called: the value of the label {@code instance}. */
    String instance();

    /**
     * How it is now.
     *
     * @param deadline when an answer is of no use any more; whatever waits, waits no longer
     * @throws IOException when it cannot be reached
     * @throws TargetFault when it answers with something else
     */
    List<MetricFamily> read(Deadline deadline) throws IOException, TargetFault;

    /** The metric that says whether it could be read, by the name that the field gives it. */
    MetricFamily verdict(boolean read);

    /** Ends what is kept open between readings. */
    @Override
    default void close() {}
}
