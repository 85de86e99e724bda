package io.emberwatch.rules.web;

import io.emberwatch.rules.scrape.DroppedTarget;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.scrape.TargetStatus;
import java.util.List;

/** Who scrapes. */
public interface Targets {
    /** Nobody. */
    Targets NONE = new Targets() {
        @Override
        public List<TargetStatus> targets() {
            return List.of();
        }

        @Override
        public List<DroppedTarget> dropped() {
            return List.of();
        }
    };

    /** What is known of metrics that were not scraped. */
    default List<MetricMetadata> received() {
        return List.of();
    }

    /** The targets that are scraped. */
    List<TargetStatus> targets();

    /** Targets that were found and are not scraped. */
    List<DroppedTarget> dropped();
}
