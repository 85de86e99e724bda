package io.emberwatch.rules.template;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of templates: String, Long (Go's int), Double, Boolean, {@link Labels} (a map of strings), Map (what {@code
 * args} makes), {@link Vector}, {@link Element}, {@link TemplateData}, {@link GoTime}, {@link GoDuration}, and null.
 */
final class GoValue {
    private GoValue() {}

    /** What {@code query} gives. */
    record Vector(List<Element> elements) {
        Vector {
            elements = List.copyOf(elements);
        }
    }

    /** One sample of a query's result. */
    record Element(Labels labels, double value) {}

    /** The Go type, as error messages and {@code %T} name it. */
    static String type(@Nullable Object value) {
        if (value == null) {
            return "<nil>";
        }
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float64";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Labels) {
            return "map[string]string";
        }
        if (value instanceof Map) {
            return "map[string]interface {}";
        }
        if (value instanceof Vector) {
            return "template.queryResult";
        }
        if (value instanceof Element) {
            return "*template.sample";
        }
        if (value instanceof GoTime) {
            return "*time.Time";
        }
        if (value instanceof GoDuration) {
            return "*time.Duration";
        }
        if (value instanceof GoTime.Named named) {
            return named.type();
        }
        return "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; "
                + "Value interface {} }";
    }

    /** Whether {@code if} takes the value for true: not zero, not empty. */
    static boolean isTrue(@Nullable Object value) {
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof String string) {
            return !string.isEmpty();
        }
        if (value instanceof Long number) {
            return number != 0;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof GoTime.Named named) {
            return named.number() != 0;
        }
        if (value instanceof Labels labels) {
            return !labels.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return !(value instanceof Vector vector) || !vector.elements().isEmpty();
    }

    /** The value as {@code %v} prints it. */
    static String print(@Nullable Object value) {
        if (value == null) {
            return "<nil>";
        }
        if (value instanceof Double number) {
            return GoFloat.format(number, 'g', GoFloat.SHORTEST);
        }
        if (value instanceof Labels labels) {
            List<String> entries = new ArrayList<>();
            labels.toMap().forEach((name, label) -> entries.add(name + ":" + label));
            return "map[" + String.join(" ", entries) + "]";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, entry) -> entries.add(key + ":" + print(entry)));
            return "map[" + String.join(" ", entries) + "]";
        }
        if (value instanceof Element element) {
            return "{" + print(element.labels()) + " " + print(element.value()) + "}";
        }
        if (value instanceof Vector vector) {
            List<String> elements = new ArrayList<>();
            vector.elements().forEach(element -> elements.add("&" + print(element)));
            return "[" + String.join(" ", elements) + "]";
        }
        if (value instanceof TemplateData data) {
            return "{" + print(data.labels()) + " " + print(data.externalLabels()) + " " + data.externalUrl() + " "
                    + print(data.value()) + "}";
        }
        return value.toString();
    }
}
