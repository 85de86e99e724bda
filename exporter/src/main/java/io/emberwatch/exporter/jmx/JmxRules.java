package io.emberwatch.exporter.jmx;

import com.google.re2j.Pattern;
import io.emberwatch.model.MetricType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which beans become which metrics: what jmx_exporter's configuration says.
 *
 * @param include beans that are asked, as patterns of object names; all when empty
 * @param exclude beans that are not asked all the same
 */
record JmxRules(
        boolean lowercaseNames,
        boolean lowercaseLabels,
        List<String> include,
        List<String> exclude,
        Map<String, List<String>> excludeAttributes,
        List<Rule> rules) {
    JmxRules {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        excludeAttributes = Map.copyOf(excludeAttributes);
        rules = List.copyOf(rules);
    }

    /** Everything in the default form. */
    static final JmxRules DEFAULT = new JmxRules(false, false, List.of(), List.of(), Map.of(), List.of(Rule.ALL));

    /**
     * One rule.
     *
     * @param pattern matches {@code domain<k=v, …><key, …>attribute: value}, whatever stands around; everything without one
     * @param name the metric's name with {@code $1}; the default form without one
     * @param value the value instead of the attribute's, with {@code $1}
     * @param labels names and values, with {@code $1}
     */
    record Rule(
            @Nullable Pattern pattern,
            @Nullable String name,
            @Nullable String value,
            double valueFactor,
            @Nullable String help,
            boolean attrNameSnakeCase,
            MetricType type,
            Map<String, String> labels) {
        static final Rule ALL = new Rule(null, null, null, 1, null, false, MetricType.UNKNOWN, Map.of());

        Rule {
            if (name != null && pattern == null) {
                throw new IllegalArgumentException("a rule with a name needs a pattern");
            }
            if (!labels.isEmpty() && name == null) {
                throw new IllegalArgumentException("a rule with labels needs a name");
            }
        }
    }
}
