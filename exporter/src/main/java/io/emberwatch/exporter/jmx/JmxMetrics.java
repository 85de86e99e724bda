package io.emberwatch.exporter.jmx;

import com.google.re2j.Matcher;
import io.emberwatch.exporter.jmx.JmxRules.Rule;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricNames;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes metrics of attributes by rules, the first rule that matches first, as jmx_exporter does. */
final class JmxMetrics {
    private static final int MAX_SAMPLES = 100_000;

    private final JmxRules rules;
    private final Families families;
    private int samples;

    JmxMetrics(JmxRules rules, Families families) {
        this.rules = rules;
        this.families = families;
    }

    /**
     * One number, text or truth value of a bean.
     *
     * @param properties of the bean's name, in its order
     * @param keys the way into a composite value
     */
    void record(
            String domain,
            Map<String, String> properties,
            List<String> keys,
            String attribute,
            String description,
            Object value) {
        String bean = domain + angled(properties) + angled(keys);
        for (Rule rule : rules.rules()) {
            String name = rule.attrNameSnakeCase() ? snakeCase(attribute) : attribute;
            Matcher matcher = null;
            if (rule.pattern() != null) {
                matcher = rule.pattern().matcher(bean + name + ": " + value);
                if (!matcher.matches()) {
                    continue;
                }
            }
            Double number = number(rule, matcher, value);
            if (number == null) {
                return;
            }
            if (samples++ < MAX_SAMPLES) {
                add(rule, matcher, domain, properties, keys, name, description, number * rule.valueFactor());
            }
            return;
        }
    }

    private static @Nullable Double number(Rule rule, @Nullable Matcher matcher, Object value) {
        if (rule.value() != null && !rule.value().isEmpty()) {
            try {
                return Double.valueOf(matcher == null ? rule.value() : expand(rule.value(), matcher));
            } catch (NumberFormatException e) {
                return null;
            }
        } else if (value instanceof Number given) {
            return given.doubleValue();
        } else if (value instanceof Boolean truth) {
            return truth ? 1.0 : 0.0;
        }
        return null;
    }

    private void add(
            Rule rule,
            @Nullable Matcher matcher,
            String domain,
            Map<String, String> properties,
            List<String> keys,
            String attribute,
            String description,
            double value) {
        String help = description + " " + domain + angled(properties) + angled(keys) + attribute;
        if (rule.name() == null || matcher == null) {
            addDefault(rule, domain, properties, keys, attribute, help, value);
            return;
        }
        String name = safe(expand(rule.name(), matcher));
        if (name.isEmpty()) {
            return;
        }
        Labels.Builder labels = Labels.builder();
        for (Map.Entry<String, String> label : rule.labels().entrySet()) {
            String labelName = safe(expand(label.getKey(), matcher));
            String labelValue = expand(label.getValue(), matcher);
            if (!labelName.isEmpty() && !labelValue.isEmpty() && !labelName.equals(Labels.METRIC_NAME)) {
                labels.set(lower(labelName, rules.lowercaseLabels()), labelValue);
            }
        }
        families.add(
                rule.type(),
                lower(name, rules.lowercaseNames()),
                rule.help() == null ? help : expand(rule.help(), matcher),
                value,
                labels.build());
    }

    // domain_firstValue_keys_attribute{otherProperties}
    private void addDefault(
            Rule rule,
            String domain,
            Map<String, String> properties,
            List<String> keys,
            String attribute,
            String help,
            double value) {
        StringBuilder name = new StringBuilder(domain);
        Labels.Builder labels = Labels.builder();
        boolean first = true;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            if (first) {
                name.append('_').append(property.getValue());
                first = false;
            } else {
                String labelName = lower(safe(property.getKey()), rules.lowercaseLabels());
                if (!labelName.isEmpty() && !labelName.equals(Labels.METRIC_NAME)) {
                    labels.set(labelName, property.getValue());
                }
            }
        }
        keys.forEach(key -> name.append('_').append(key));
        name.append('_').append(attribute);
        families.add(
                rule.type(),
                lower(safe(name.toString()), rules.lowercaseNames()),
                rule.help() == null ? help : rule.help(),
                value,
                labels.build());
    }

    private static String angled(Map<String, String> properties) {
        StringBuilder text = new StringBuilder("<");
        properties.forEach((name, value) -> text.append(text.length() == 1 ? "" : ", ")
                .append(name)
                .append('=')
                .append(value));
        return text.append('>').toString();
    }

    private static String angled(List<String> keys) {
        return keys.isEmpty() ? "<>" : "<" + String.join(", ", keys) + ">";
    }

    // Runs of what may not be in a name become one underscore.
    private static String safe(String text) {
        String safe = text.replaceAll("[^a-zA-Z0-9:_]+", "_").replaceAll("__+", "_");
        return safe.isEmpty() || MetricNames.isMetricName(safe) ? safe : "_" + safe;
    }

    private static String lower(String text, boolean lower) {
        return lower ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static String snakeCase(String attribute) {
        return attribute.isEmpty()
                ? attribute
                : attribute.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** The text with {@code $1} and {@code ${1}} replaced by what the groups hold; groups that are not there by nothing. */
    static String expand(String text, Matcher matcher) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                out.append(text.charAt(i + 1));
                i += 2;
                continue;
            }
            int from = c == '$' && i + 1 < text.length() && text.charAt(i + 1) == '{' ? i + 2 : i + 1;
            int to = from;
            while (c == '$' && to < text.length() && to < from + 2 && Character.isDigit(text.charAt(to))) {
                to++;
            }
            if (to == from || c != '$') {
                out.append(c);
                i++;
                continue;
            }
            int group = Integer.parseInt(text.substring(from, to));
            // $12 is group 1 and a 2 where there is no group 12.
            while (group > matcher.groupCount() && to > from + 1) {
                group = Integer.parseInt(text.substring(from, --to));
            }
            String value = group <= matcher.groupCount() ? matcher.group(group) : null;
            out.append(value == null ? "" : value);
            i = from > i + 1 && to < text.length() && text.charAt(to) == '}' ? to + 1 : to;
        }
        return out.toString();
    }
}
