package io.emberwatch.exporter.scrape;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.util.List;
import java.util.function.Predicate;

/** Asks the sources of the exporter, for parts that pass on what these say. */
@FunctionalInterface
public interface PageReader {
    /**
     * What sources say now, as a page shows it.
     *
     * @param wanted which sources are asked
     * @param deadline sources that take longer are left out
     */
    List<MetricFamily> read(Predicate<Source> wanted, Deadline deadline);
}
