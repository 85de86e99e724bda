package io.emberwatch.exporter.derive;

import io.emberwatch.service.config.Default;
import java.util.List;

/**
 * What is made of the values of sources before they are shown.
 *
 * @param sources names of sources or groups; empty for all
 * @param rules what is made of which metrics
 */
public record PageDerivation(@Default("[]") List<String> sources, List<DeriveConfig> rules) {
    public PageDerivation {
        sources = List.copyOf(sources);
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("rules: at least one is needed");
        }
    }
}
