package io.emberwatch.rules.scrape;

import io.emberwatch.model.MetricType;

/**
 * What a page says of a metric.
 *
 * @param family named as the page names it
 * @param help unescaped, may be empty; cut after 1024 characters
 * @param unit may be empty
 */
public record MetricMetadata(String family, MetricType type, String help, String unit) {}
