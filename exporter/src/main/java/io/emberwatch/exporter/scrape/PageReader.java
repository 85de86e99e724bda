package io.emberwatch.exporter.scrape;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.util.List;

/** Asks the sources of the exporter, for parts that pass on what these say. */
@FunctionalInterface
public interface PageReader {
    /**
     * What sources say now, as a page shows it.
     *
     * @param names of sources or groups; empty for all; those that are not there are passed over
     * @param deadline sources that take longer are left out
     */
    List<MetricFamily> read(List<String> names, Deadline deadline);
}
