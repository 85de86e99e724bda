package io.emberwatch.rules.relabel;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of relabelling rules, such as {@code relabel_configs}; equal when its rules are. */
public final class Relabeling {
    /** No rules. */
    public static final Relabeling NONE = new Relabeling(List.of());

    private final List<RelabelRule> rules;

    private Relabeling(List<RelabelRule> rules) {
        this.rules = rules;
    }

    /** Reads the rules under a key; what is wrong with them becomes problems of the reader. */
    public static Relabeling read(MappingReader owner, String key) {
        List<RelabelRule> rules = RelabelParser.parse(owner, key);
        return rules.isEmpty() ? NONE : new Relabeling(rules);
    }

    /**
     * Reads the rules under a key.
     *
     * @param fileName what problems call the file
     * @throws ConfigException with every fault that was found
     */
    public static Relabeling parse(String fileName, YamlNode.Mapping owner, String key) throws ConfigException {
        List<Problem> problems = new ArrayList<>();
        Relabeling relabeling = read(new MappingReader(fileName, "", owner, problems), key);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return relabeling;
    }

    /** The labels after all rules in their order, or null when one of them drops the lot. */
    public @Nullable Labels apply(Labels labels) {
        return RelabelRule.apply(rules, labels);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Relabeling relabeling && rules.equals(relabeling.rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }

    @Override
    public String toString() {
        return rules.toString();
    }
}
