package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;

/**
 * A target that relabelling dropped, or that could not be made.
 *
 * @param job the scrape pool
 * @param discoveredLabels before relabelling
 * @param error why it could not be made; empty when relabelling dropped it
 */
public record DroppedTarget(String job, Labels discoveredLabels, String error) {}
