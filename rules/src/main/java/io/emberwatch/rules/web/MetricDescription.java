package io.emberwatch.rules.web;

import io.emberwatch.model.Labels;

/**
 * What a target says of one of its metrics.
 *
 * @param target the labels of the target
 * @param type as the API spells it: {@code counter}, {@code gauge} …
 */
public record MetricDescription(Labels target, String metric, String type, String help, String unit) {}
