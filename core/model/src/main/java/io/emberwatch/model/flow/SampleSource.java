package io.emberwatch.model.flow;

import io.emberwatch.model.MetricFamily;
import java.io.IOException;
import java.util.List;

/** Somewhere that metrics come from: a sensor process, the host, an etcd member. */
public interface SampleSource {
    /** A short name, unique in its exporter: the {@code collector} label of the scrape's own metrics. */
    String name();

    /**
     * The metrics as they are now. May be called by several threads at once.
     *
     * @param deadline when the caller gives up; a source that waits for others must not wait longer
     * @throws IOException when nothing useful could be collected; the message says what and where
     */
    List<MetricFamily> collect(Deadline deadline) throws IOException;
}
