package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of relabelling rules outside of scrape jobs, such as a prometheus.yml's {@code alert_relabel_configs}. */
public final class Relabeling {
    /** No rules. */
    public static final Relabeling NONE = new Relabeling(List.of());

    private final List<RelabelRule> rules;

    private Relabeling(List<RelabelRule> rules) {
        this.rules = rules;
    }

    /**
     * Reads the rules under a key.
     *
     * @param fileName what problems call the file
     * @throws ConfigException with every fault that was found
     */
    public static Relabeling parse(String fileName, YamlNode.Mapping owner, String key) throws ConfigException {
        List<Problem> problems = new ArrayList<>();
        List<RelabelRule> rules = RelabelParser.parse(new MappingReader(fileName, "", owner, problems), key);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Relabeling(rules);
    }

    /** The labels after all rules in their order, or null when one of them drops the lot. */
    public @Nullable Labels apply(Labels labels) {
        return RelabelRule.apply(rules, labels);
    }
}
