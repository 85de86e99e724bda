package io.emberwatch.exporter.jmx;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.exporter.jmx.JmxRules.Rule;
import io.emberwatch.model.MetricType;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads jmx_exporter's configuration, whose keys are in camel case. What concerns the way to the program ({@code hostPort},
 * {@code jmxUrl}, {@code username}, {@code password}, {@code ssl}, {@code startDelaySeconds}) is known and left to our own
 * configuration. Every fault is reported with its place.
 */
final class JmxRulesReader {
    private static final Set<String> ELSEWHERE = Set.of(
            "hostPort",
            "jmxUrl",
            "username",
            "password",
            "ssl",
            "startDelaySeconds",
            "httpServer",
            "autoExcludeObjectNameAttributes",
            "inferCounterTypeFromName",
            "openTelemetry",
            "metricCustomizers");
    private static final Set<String> KNOWN = Set.of(
            "lowercaseOutputName",
            "lowercaseOutputLabelNames",
            "whitelistObjectNames",
            "includeObjectNames",
            "blacklistObjectNames",
            "excludeObjectNames",
            "excludeObjectNameAttributes",
            "rules");
    private static final Set<String> RULE =
            Set.of("pattern", "name", "value", "valueFactor", "labels", "help", "type", "attrNameSnakeCase", "cache");

    private final String fileName;
    private final List<Problem> problems = new ArrayList<>();

    private JmxRulesReader(String fileName) {
        this.fileName = fileName;
    }

    static JmxRules read(String fileName, YamlNode node) throws ConfigException {
        JmxRulesReader reader = new JmxRulesReader(fileName);
        JmxRules rules = reader.rules(node);
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(reader.problems);
        }
        return rules;
    }

    private JmxRules rules(YamlNode node) {
        YamlNode.Mapping mapping = mapping(node, "");
        mapping.entries().forEach((key, entry) -> {
            if (!KNOWN.contains(key) && !ELSEWHERE.contains(key)) {
                problem(entry.value(), key, "unknown key; expected one of " + KNOWN);
            }
        });
        List<Rule> rules = new ArrayList<>();
        YamlNode given = mapping.get("rules");
        if (given instanceof YamlNode.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                rules.add(rule(sequence.items().get(i), "rules[" + i + "]"));
            }
        } else if (given == null) {
            rules.add(Rule.ALL);
        }
        List<String> include = new ArrayList<>(texts(mapping, "includeObjectNames"));
        include.addAll(texts(mapping, "whitelistObjectNames"));
        List<String> exclude = new ArrayList<>(texts(mapping, "excludeObjectNames"));
        exclude.addAll(texts(mapping, "blacklistObjectNames"));
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        if (mapping.get("excludeObjectNameAttributes") instanceof YamlNode.Mapping byName) {
            byName.entries().keySet().forEach(name -> attributes.put(name, texts(byName, name)));
        }
        return new JmxRules(
                truth(mapping, "lowercaseOutputName"),
                truth(mapping, "lowercaseOutputLabelNames"),
                include,
                exclude,
                attributes,
                rules);
    }

    private Rule rule(YamlNode node, String path) {
        YamlNode.Mapping mapping = mapping(node, path);
        mapping.entries().forEach((key, entry) -> {
            if (!RULE.contains(key)) {
                problem(entry.value(), path + "." + key, "unknown key; expected one of " + RULE);
            }
        });
        Map<String, String> labels = new LinkedHashMap<>();
        if (mapping.get("labels") instanceof YamlNode.Mapping given) {
            given.entries().forEach((name, entry) -> labels.put(name, text(entry.value(), path + ".labels." + name)));
        }
        String factor = optional(mapping, "valueFactor", path);
        try {
            return new Rule(
                    pattern(mapping, path),
                    optional(mapping, "name", path),
                    optional(mapping, "value", path),
                    factor == null ? 1 : Double.parseDouble(factor),
                    optional(mapping, "help", path),
                    truth(mapping, "attrNameSnakeCase"),
                    type(optional(mapping, "type", path)),
                    labels);
        } catch (NumberFormatException e) {
            problem(mapping, path + ".valueFactor", "expected a number");
        } catch (IllegalArgumentException e) {
            problem(mapping, path, String.valueOf(e.getMessage()));
        }
        return Rule.ALL;
    }

    private @Nullable Pattern pattern(YamlNode.Mapping mapping, String path) {
        String pattern = optional(mapping, "pattern", path);
        if (pattern == null) {
            return null;
        }
        try {
            return Pattern.compile("^.*(?:" + JmxPattern.translated(pattern) + ").*$");
        } catch (PatternSyntaxException e) {
            YamlNode at = mapping.get("pattern");
            problem(at == null ? mapping : at, path + ".pattern", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static MetricType type(@Nullable String text) {
        if (text == null) {
            return MetricType.UNKNOWN;
        }
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "GAUGE" -> MetricType.GAUGE;
            case "COUNTER" -> MetricType.COUNTER;
            case "UNTYPED", "UNKNOWN" -> MetricType.UNKNOWN;
            default -> throw new IllegalArgumentException("type: " + text + " is none of GAUGE, COUNTER, UNTYPED");
        };
    }

    private boolean truth(YamlNode.Mapping mapping, String key) {
        YamlNode value = mapping.get(key);
        if (value == null) {
            return false;
        }
        String text = text(value, key);
        if (!text.equals("true") && !text.equals("false")) {
            problem(value, key, "expected true or false");
        }
        return text.equals("true");
    }

    private List<String> texts(YamlNode.Mapping mapping, String key) {
        List<String> texts = new ArrayList<>();
        if (mapping.get(key) instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(item -> texts.add(text(item, key)));
        }
        return texts;
    }

    private @Nullable String optional(YamlNode.Mapping mapping, String key, String path) {
        YamlNode value = mapping.get(key);
        return value == null || (value instanceof YamlNode.Scalar scalar && scalar.isNull())
                ? null
                : text(value, path + "." + key);
    }

    private String text(YamlNode node, String path) {
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar.text();
        }
        problem(node, path, "expected text, found " + node.kind());
        return "";
    }

    private YamlNode.Mapping mapping(YamlNode node, String path) {
        if (node instanceof YamlNode.Mapping mapping) {
            return mapping;
        }
        if (!(node instanceof YamlNode.Scalar scalar && scalar.isNull())) {
            problem(node, path, "expected keys and values, found " + node.kind());
        }
        return new YamlNode.Mapping(Map.of(), node.line(), node.column());
    }

    private void problem(YamlNode at, String path, String message) {
        problems.add(new Problem(fileName, at.line(), at.column(), path, message));
    }
}
