package io.emberwatch.rules.scrape;

import io.emberwatch.rules.discovery.TargetSources;
import io.emberwatch.rules.relabel.Relabeling;

/**
 * One entry of {@code scrape_configs}.
 *
 * @param relabels turn discovered labels into a target, or drop it
 */
record ScrapeJob(JobSettings settings, Relabeling relabels, TargetSources sources) {
    String name() {
        return settings.name();
    }
}
