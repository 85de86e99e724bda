package io.emberwatch.exporter.mapping;

import java.util.Map;

/**
 * What a name has become.
 *
 * @param name the metric's name as the rule's template makes it: not escaped, perhaps empty
 * @param labels the rule's labels
 */
public record Mapped(Rule rule, String name, Map<String, String> labels) {
    public Mapped {
        labels = Map.copyOf(labels);
    }
}
