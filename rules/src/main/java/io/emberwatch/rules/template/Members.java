package io.emberwatch.rules.template;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a name behind a dot stands for: a field of a struct, the entry of a map, a method. */
final class Members {
    private static final Set<String> DATA_FIELDS = Set.of("Labels", "ExternalLabels", "ExternalURL", "Value");
    private static final Set<String> ELEMENT_FIELDS = Set.of("Labels", "Value");

    private Members() {}

    /** Whether there may be such a field; a map and nothing at all have every one. */
    static boolean has(@Nullable Object receiver, String name) {
        if (receiver instanceof TemplateData) {
            return DATA_FIELDS.contains(name);
        }
        if (receiver instanceof GoValue.Element) {
            return ELEMENT_FIELDS.contains(name);
        }
        return receiver == null || receiver instanceof Labels || receiver instanceof Map;
    }

    /** The value of a field; a map's zero value where it has no such entry. */
    static @Nullable Object field(@Nullable Object receiver, String name) {
        if (receiver instanceof Labels labels) {
            return labels.get(name);
        }
        if (receiver instanceof Map<?, ?> map) {
            return map.get(name);
        }
        if (receiver instanceof TemplateData data) {
            return switch (name) {
                case "Labels" -> data.labels();
                case "ExternalLabels" -> data.externalLabels();
                case "ExternalURL" -> data.externalUrl();
                default -> data.value();
            };
        }
        if (receiver instanceof GoValue.Element element) {
            return name.equals("Labels") ? element.labels() : element.value();
        }
        return null;
    }

    /** Whether the value is of a type with methods. */
    static boolean hasMethods(@Nullable Object receiver) {
        return receiver instanceof GoTime || receiver instanceof GoTime.Named || receiver instanceof GoDuration;
    }

    /** What a method gives, or null when there is none of that name. */
    static @Nullable Object method(@Nullable Object receiver, String name, List<@Nullable Object> args) {
        List<Object> given = new ArrayList<>();
        for (Object arg : args) {
            if (arg != null) {
                given.add(arg);
            }
        }
        if (receiver instanceof GoTime time) {
            return time.call(name, given);
        }
        if (receiver instanceof GoTime.Named named) {
            return name.equals("String") ? named.name() : null;
        }
        return receiver instanceof GoDuration duration ? duration.call(name, given) : null;
    }
}
