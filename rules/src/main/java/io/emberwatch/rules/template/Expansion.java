package io.emberwatch.rules.template;

import java.time.Instant;

/**
 * The surroundings of one expansion.
 *
 * @param at the time of the evaluation
 * @param queries answers the {@code query} function
 */
public record Expansion(TemplateData data, Instant at, TemplateQueries queries) {}
