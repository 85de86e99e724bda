package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.engine.YamlFields.Mismatch;
import io.emberwatch.rules.template.Template;
import io.emberwatch.rules.template.TemplateException;
import io.emberwatch.service.config.YamlNode;
import io.emberwatch.service.config.YamlNode.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one rule of a rule file and finds everything that is wrong with it. */
final class RuleReader {
    private static final Set<String> FIELDS =
            Set.of("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations");

    /** Where the rule stands. */
    record Place(String file, String group, int number) {}

    private final RuleQueries queries;
    private final NameScheme names;
    private final boolean ignoresUnknownFields;
    private final Place place;
    private final List<RuleFault> faults = new ArrayList<>();
    private String name = "";

    RuleReader(RuleQueries queries, NameScheme names, boolean ignoresUnknownFields, Place place) {
        this.queries = queries;
        this.names = names;
        this.ignoresUnknownFields = ignoresUnknownFields;
        this.place = place;
    }

    List<RuleFault> faults() {
        return faults;
    }

    static boolean isLabel(NameScheme names, String label) {
        return names.isLabelName(label) && !label.equals(Labels.METRIC_NAME);
    }

    /** The rule, or null when there are {@link #faults}. */
    @Nullable
    Rule read(YamlNode node, Map<String, String> groupLabels) {
        try {
            Map<String, Entry> fields = YamlFields.mapping(node);
            String record = text(fields, "record");
            String alert = text(fields, "alert");
            name = alert.isEmpty() ? record : alert;
            for (Map.Entry<String, Entry> field : fields.entrySet()) {
                if (!ignoresUnknownFields && !FIELDS.contains(field.getKey())) {
                    fault(field.getValue().line(), field.getValue().column(), unknown(field.getKey()));
                }
            }
            if (!record.isEmpty() && !alert.isEmpty()) {
                fault(node, "only one of 'record' and 'alert' must be set");
            } else if (record.isEmpty() && alert.isEmpty()) {
                fault(node, "one of 'record' or 'alert' must be set");
            }
            RuleQuery query = query(node, fields.get("expr"));
            Map<String, String> labels = new LinkedHashMap<>(groupLabels);
            labels.putAll(named(fields.get("labels"), "invalid label name: ", true));
            Rule rule = alert.isEmpty()
                    ? recording(fields, record, query, labels, node)
                    : alerting(fields, alert, query, labels, node);
            return faults.isEmpty() ? rule : null;
        } catch (Mismatch e) {
            fault(e.node(), e.text());
            return null;
        }
    }

    private static String unknown(String field) {
        return "field " + field + " not found in a rule, which has "
                + String.join(", ", FIELDS.stream().sorted().toList());
    }

    private static String text(Map<String, Entry> fields, String field) throws Mismatch {
        Entry entry = fields.get(field);
        return entry == null ? "" : YamlFields.scalar(entry.value());
    }

    private void fault(YamlNode node, String message) {
        fault(node.line(), node.column(), message);
    }

    private void fault(int line, int column, String message) {
        faults.add(new RuleFault(place.file(), line, column, place.group(), place.number(), name, message));
    }

    private @Nullable RuleQuery query(YamlNode rule, @Nullable Entry field) throws Mismatch {
        String text = field == null ? "" : YamlFields.scalar(field.value());
        if (field == null || text.isEmpty()) {
            fault(rule, "field 'expr' must be set in rule");
            return null;
        }
        try {
            return queries.prepare(text);
        } catch (QueryException e) {
            fault(field.value(), "could not parse expression: " + e.getMessage());
            return null;
        }
    }

    private Map<String, String> named(@Nullable Entry field, String invalid, boolean label) throws Mismatch {
        Map<String, String> texts = new LinkedHashMap<>();
        if (field == null) {
            return texts;
        }
        for (Map.Entry<String, Entry> entry : YamlFields.mapping(field.value()).entrySet()) {
            boolean valid = label ? isLabel(names, entry.getKey()) : names.isLabelName(entry.getKey());
            if (!valid) {
                fault(entry.getValue().line(), entry.getValue().column(), invalid + entry.getKey());
            }
            texts.put(entry.getKey(), YamlFields.scalar(entry.getValue().value()));
        }
        return texts;
    }

    private @Nullable Rule recording(
            Map<String, Entry> fields,
            String record,
            @Nullable RuleQuery query,
            Map<String, String> labels,
            YamlNode node)
            throws Mismatch {
        for (String field : List.of("for", "keep_firing_for", "annotations")) {
            Entry entry = fields.get(field);
            boolean zero = entry != null && !field.equals("annotations") && isZero(entry);
            if (entry != null && !YamlFields.isNull(entry.value()) && !zero) {
                fault(entry.line(), entry.column(), "invalid field '" + field + "' in recording rule");
            }
        }
        Entry entry = fields.get("record");
        if (entry != null && !record.isEmpty()) {
            if (!names.isMetricName(record)) {
                fault(entry.value(), "invalid recording rule name: " + record);
            } else if (record.contains("{") || record.contains("}")) {
                fault(entry.value(), "braces present in the recording rule name; should it be in expr?: " + record);
            }
        }
        if (query == null || record.isEmpty()) {
            return null;
        }
        List<String> removed = labels.keySet().stream()
                .filter(label -> String.valueOf(labels.get(label)).isEmpty())
                .sorted()
                .toList();
        return new Rule.Recording(record, query, nonEmpty(labels), removed, node.line());
    }

    private static boolean isZero(Entry entry) throws Mismatch {
        return YamlFields.scalar(entry.value()).equals("0");
    }

    // Labels hold no empty values; an empty value of a rule's label means that the label is removed.
    private static Labels nonEmpty(Map<String, String> labels) {
        Labels.Builder builder = Labels.builder();
        labels.forEach((label, value) -> {
            if (!label.isEmpty()) {
                builder.set(label, value);
            }
        });
        return builder.build();
    }

    private @Nullable Rule alerting(
            Map<String, Entry> fields,
            String alert,
            @Nullable RuleQuery query,
            Map<String, String> labels,
            YamlNode node)
            throws Mismatch {
        Duration holdFor = duration(fields.get("for"));
        Duration keepFiringFor = duration(fields.get("keep_firing_for"));
        List<Rule.Text> labelTemplates = templates(node, fields.get("labels"), "label", labels);
        Map<String, String> annotations = named(fields.get("annotations"), "invalid annotation name: ", false);
        List<Rule.Text> annotationTemplates = templates(node, fields.get("annotations"), "annotation", annotations);
        return query == null
                ? null
                : new Rule.Alerting(
                        alert,
                        query,
                        holdFor,
                        keepFiringFor,
                        nonEmpty(labels),
                        labelTemplates,
                        annotationTemplates,
                        node.line());
    }

    private Duration duration(@Nullable Entry field) throws Mismatch {
        if (field == null || YamlFields.isNull(field.value())) {
            return Duration.ZERO;
        }
        try {
            return Durations.parse(YamlFields.scalar(field.value()));
        } catch (IllegalArgumentException e) {
            fault(field.value(), String.valueOf(e.getMessage()));
            return Duration.ZERO;
        }
    }

    private List<Rule.Text> templates(YamlNode rule, @Nullable Entry field, String kind, Map<String, String> texts)
            throws Mismatch {
        List<Rule.Text> templates = new ArrayList<>();
        Map<String, Entry> places = field == null ? Map.of() : YamlFields.mapping(field.value());
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            try {
                templates.add(new Rule.Text(text.getKey(), Template.parse("__alert_" + name, text.getValue())));
            } catch (TemplateException e) {
                Entry own = places.get(text.getKey());
                fault(own == null ? rule : own.value(), kind + " \"" + text.getKey() + "\": " + e.text());
            }
        }
        return templates;
    }
}
