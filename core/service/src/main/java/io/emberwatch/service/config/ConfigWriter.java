package io.emberwatch.service.config;

import io.emberwatch.model.text.Durations;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as the YAML that {@link ConfigReader} reads back as the same records. What is as it would be without a
 * key is left out.
 */
public final class ConfigWriter {
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z0-9_/.][A-Za-z0-9_./:-]*[A-Za-z0-9_./-]|[A-Za-z0-9_./]");
    private static final Set<String> NOTHING = Set.of("null", "Null", "NULL");
    private static final String STEP = "  ";

    private ConfigWriter() {}

    /**
     * The YAML of a record.
     *
     * <p>Secrets are written as they are: what is returned is as secret as they are.
     *
     * @throws IllegalArgumentException when a value is of a type that has no text, such as {@link YamlNode}
     */
    public static String write(Record config) {
        StringBuilder out = new StringBuilder();
        entries(config).forEach((key, value) -> entry(out, "", key, value));
        return out.toString();
    }

    /** What a record says that differs from its defaults, in the order of its components. */
    private static Map<String, Object> entries(Record config) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            Object value = value(config, component);
            if (value != null && !Objects.equals(value, RecordBinder.defaultOf(component))) {
                entries.put(RecordBinder.key(component), value);
            }
        }
        return entries;
    }

    private static @Nullable Object value(Record config, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static void entry(StringBuilder out, String indent, String key, Object value) {
        out.append(indent).append(scalar(key)).append(':');
        if (isScalar(value)) {
            out.append(' ').append(text(value)).append('\n');
            return;
        }
        List<String> flow = flow(value);
        if (flow != null) {
            out.append(value instanceof List ? " [" : " {")
                    .append(String.join(", ", flow))
                    .append(value instanceof List ? "]\n" : "}\n");
            return;
        }
        out.append('\n');
        block(out, indent + STEP, value);
    }

    private static void block(StringBuilder out, String indent, Object value) {
        if (value instanceof List<?> list) {
            for (Object item : list) {
                StringBuilder inner = new StringBuilder();
                block(inner, indent + STEP, item);
                inner.setCharAt(indent.length(), '-');
                out.append(inner);
            }
        } else if (isScalar(value)) {
            out.append(indent).append(text(value)).append('\n');
        } else {
            keys(value).forEach((key, inner) -> entry(out, indent, key, inner));
        }
    }

    private static Map<String, Object> keys(Object value) {
        if (value instanceof Record config) {
            return entries(config);
        }
        Map<String, Object> sorted = new TreeMap<>();
        ((Map<?, ?>) value).forEach((key, inner) -> sorted.put(String.valueOf(key), Objects.requireNonNull(inner)));
        return sorted;
    }

    /** The parts of what fits on a line: scalars only, or nothing at all; null for the rest. */
    private static @Nullable List<String> flow(Object value) {
        List<String> parts = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object item : list) {
                if (!isScalar(item)) {
                    return null;
                }
                parts.add(text(item));
            }
            return parts;
        }
        return keys(value).isEmpty() ? parts : null;
    }

    private static boolean isScalar(Object value) {
        boolean parts = value instanceof List || value instanceof Map || value instanceof Record;
        return !parts || ScalarReader.reads(value.getClass());
    }

    private static String text(Object value) {
        if (value instanceof YamlNode) {
            throw new IllegalArgumentException("YAML as it stands cannot be written again");
        }
        String text = value instanceof Secret secret
                ? secret.reveal()
                : value instanceof Duration duration
                        ? Durations.format(duration)
                        : value instanceof ByteSize size
                                ? Long.toString(size.bytes())
                                : value instanceof Enum<?> constant
                                        ? constant.name().toLowerCase(Locale.ROOT)
                                        : value.toString();
        return scalar(text.replace("$", "$$"));
    }

    private static String scalar(String text) {
        if (PLAIN.matcher(text).matches() && !NOTHING.contains(text)) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
