package io.emberwatch.testkit.mattermost;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes what {@link JsonText} makes. */
final class Json {
    private Json() {}

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> items ? items : List.of();
    }

    @SuppressWarnings("unchecked") // JsonText makes no other maps
    static Map<String, @Nullable Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> members ? (Map<String, @Nullable Object>) members : Map.of();
    }

    static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> members) {
            String gap = "{";
            for (Map.Entry<?, ?> member : members.entrySet()) {
                out.append(gap);
                string(String.valueOf(member.getKey()), out);
                out.append(':');
                write(member.getValue(), out);
                gap = ",";
            }
            out.append(members.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> items) {
            String gap = "[";
            for (Object item : items) {
                out.append(gap);
                write(item, out);
                gap = ",";
            }
            out.append(items.isEmpty() ? "[]" : "]");
        } else if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            out.append(number.longValue());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            string(value.toString(), out);
        }
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
