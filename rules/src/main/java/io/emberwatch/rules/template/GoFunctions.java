package io.emberwatch.rules.template;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Utf8Order;
import io.emberwatch.rules.template.TemplateFunction.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The functions that Go's {@code text/template} has of its own; {@code and} and {@code or} are the interpreter's. */
final class GoFunctions {
    private GoFunctions() {}

    static Map<String, TemplateFunction> all() {
        Map<String, TemplateFunction> all = new HashMap<>();
        all.put("and", variadic(1, (args, expansion) -> args.get(args.size() - 1)));
        all.put("or", variadic(1, (args, expansion) -> args.get(args.size() - 1)));
        all.put("not", fixed(1, (args, expansion) -> !GoValue.isTrue(args.get(0))));
        comparisons(all);
        all.put("len", fixed(1, (args, expansion) -> length(args.get(0))));
        all.put("index", variadic(1, (args, expansion) -> index(args)));
        all.put("slice", variadic(1, (args, expansion) -> slice(args)));
        all.put("print", variadic(0, (args, expansion) -> print(args)));
        all.put("println", variadic(0, (args, expansion) -> println(args)));
        all.put(
                "printf",
                new TemplateFunction(
                        List.of(Parameter.STRING, Parameter.ANY),
                        true,
                        (args, expansion) -> GoPrintf.sprintf(
                                (String) Objects.requireNonNull(args.get(0)), args.subList(1, args.size()))));
        all.put("html", variadic(0, (args, expansion) -> html(printable(args))));
        all.put("js", variadic(0, (args, expansion) -> js(printable(args))));
        all.put("urlquery", variadic(0, (args, expansion) -> PrometheusFunctions.queryEscape(printable(args))));
        all.put("call", variadic(1, (args, expansion) -> {
            throw new TemplateException(
                    "non-function " + GoValue.print(args.get(0)) + " of type " + GoValue.type(args.get(0)));
        }));
        return all;
    }

    private static void comparisons(Map<String, TemplateFunction> all) {
        all.put("eq", variadic(1, (args, expansion) -> equalsAny(args)));
        all.put("ne", fixed(2, (args, expansion) -> !equal(args.get(0), args.get(1))));
        all.put("lt", fixed(2, (args, expansion) -> compare(args.get(0), args.get(1)) < 0));
        all.put("le", fixed(2, (args, expansion) -> lessOrEqual(args.get(0), args.get(1))));
        all.put("gt", fixed(2, (args, expansion) -> !lessOrEqual(args.get(0), args.get(1))));
        all.put("ge", fixed(2, (args, expansion) -> compare(args.get(0), args.get(1)) >= 0));
    }

    private static TemplateFunction fixed(int count, TemplateFunction.Body body) {
        return new TemplateFunction(java.util.Collections.nCopies(count, Parameter.ANY), false, body);
    }

    private static TemplateFunction variadic(int least, TemplateFunction.Body body) {
        return new TemplateFunction(java.util.Collections.nCopies(least + 1, Parameter.ANY), true, body);
    }

    private static boolean equalsAny(List<@Nullable Object> args) throws TemplateException {
        if (args.size() < 2) {
            throw new TemplateException("missing argument for comparison");
        }
        boolean found = false;
        for (int i = 1; i < args.size() && !found; i++) {
            found = equal(args.get(0), args.get(i));
        }
        return found;
    }

    @SuppressWarnings("ReferenceEquality") // samples are pointers in Go
    private static boolean equal(@Nullable Object first, @Nullable Object second) throws TemplateException {
        Object a = basic(first);
        Object b = basic(second);
        if (a == null || b == null || a instanceof GoValue.Element) {
            return a == b;
        }
        if (a instanceof Labels || a instanceof Map || a instanceof GoValue.Vector) {
            throw new TemplateException("non-comparable type " + GoValue.print(a) + ": " + GoValue.type(a));
        }
        if (a.getClass() != b.getClass()) {
            throw new TemplateException("incompatible types for comparison");
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x.doubleValue() == y.doubleValue();
        }
        return a.equals(b);
    }

    // NaN makes every comparison false, so less-or-equal is not the contrary of greater.
    private static boolean lessOrEqual(@Nullable Object a, @Nullable Object b) throws TemplateException {
        return compare(a, b) <= 0;
    }

    private static @Nullable Object basic(@Nullable Object value) {
        return value instanceof GoTime.Named named ? Long.valueOf(named.number()) : value;
    }

    private static int compare(@Nullable Object first, @Nullable Object second) throws TemplateException {
        Object a = basic(first);
        Object b = basic(second);
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            // Go's template package builds le as lt-or-eq and gt as its contrary.
            return x < y ? -1 : (x.doubleValue() == y.doubleValue() ? 0 : 1);
        }
        if (a instanceof String x && b instanceof String y) {
            return Utf8Order.compareUtf8(x, y);
        }
        boolean basic = isOrdered(a) && isOrdered(b) && !(a instanceof Boolean && b instanceof Boolean);
        throw new TemplateException(basic ? "incompatible types for comparison" : "invalid type for comparison");
    }

    private static boolean isOrdered(@Nullable Object value) {
        return value instanceof Long || value instanceof Double || value instanceof String || value instanceof Boolean;
    }

    private static long length(@Nullable Object value) throws TemplateException {
        if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
        if (value instanceof Labels labels) {
            return labels.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof GoValue.Vector vector) {
            return vector.elements().size();
        }
        throw new TemplateException(
                value == null
                        ? "reflect: call of reflect.Value.Type on zero Value"
                        : "len of type " + GoValue.type(value));
    }

    private static @Nullable Object index(List<@Nullable Object> args) throws TemplateException {
        Object value = args.get(0);
        for (Object key : args.subList(1, args.size())) {
            value = index(value, key);
        }
        return value;
    }

    private static @Nullable Object index(@Nullable Object value, @Nullable Object key) throws TemplateException {
        if (value == null) {
            throw new TemplateException("index of untyped nil");
        }
        if (value instanceof Labels labels) {
            return labels.get(key(key));
        }
        if (value instanceof Map<?, ?> map) {
            return map.get(key(key));
        }
        if (value instanceof GoValue.Vector vector) {
            return vector.elements().get(position(key, vector.elements().size() - 1));
        }
        if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return (long) (bytes[position(key, bytes.length - 1)] & 0xff);
        }
        throw new TemplateException("can't index item of type " + GoValue.type(value));
    }

    private static String key(@Nullable Object key) throws TemplateException {
        if (key instanceof String text) {
            return text;
        }
        throw new TemplateException(
                key == null
                        ? "value is nil; should be of type string"
                        : "value has type " + GoValue.type(key) + "; should be string");
    }

    private static int position(@Nullable Object index, long last) throws TemplateException {
        if (!(index instanceof Long position)) {
            throw new TemplateException(
                    index == null
                            ? "cannot index slice/array with nil"
                            : "cannot index slice/array with type " + GoValue.type(index));
        }
        if (position < 0 || position > last) {
            throw new TemplateException("index out of range: " + position);
        }
        return position.intValue();
    }

    private static Object slice(List<@Nullable Object> args) throws TemplateException {
        Object value = args.get(0);
        if (args.size() > 3 && value instanceof String) {
            throw new TemplateException("cannot 3-index slice a string");
        }
        if (args.size() > 4) {
            throw new TemplateException("too many slice indexes: " + (args.size() - 1));
        }
        int size = value instanceof String || value instanceof GoValue.Vector ? (int) length(value) : -1;
        if (size < 0) {
            throw new TemplateException(
                    value == null ? "slice of untyped nil" : "can't slice item of type " + GoValue.type(value));
        }
        int from = args.size() > 1 ? position(args.get(1), size) : 0;
        int to = args.size() > 2 ? position(args.get(2), size) : size;
        if (from > to) {
            throw new TemplateException("invalid slice index: " + from + " > " + to);
        }
        if (value instanceof GoValue.Vector vector) {
            return new GoValue.Vector(vector.elements().subList(from, to));
        }
        byte[] bytes = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    // fmt.Sprint puts a space between operands when neither is a string.
    static String print(List<@Nullable Object> args) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < args.size(); i++) {
            Object arg = args.get(i);
            if (i > 0 && !(arg instanceof String) && !(args.get(i - 1) instanceof String)) {
                out.append(' ');
            }
            out.append(GoValue.print(arg));
        }
        return out.toString();
    }

    /** As {@link #print}, where nothing is a text of its own. */
    private static String printable(List<@Nullable Object> args) {
        List<@Nullable Object> shown = new ArrayList<>();
        args.forEach(arg -> shown.add(arg == null ? "<no value>" : arg));
        return print(shown);
    }

    private static String println(List<@Nullable Object> args) {
        StringBuilder out = new StringBuilder();
        for (Object arg : args) {
            out.append(out.length() > 0 ? " " : "").append(GoValue.print(arg));
        }
        return out.append('\n').toString();
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\0", "\uFFFD");
    }

    private static String js(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\'' -> out.append("\\'");
                case '"' -> out.append("\\\"");
                default -> {
                    boolean escaped = "<>&=".indexOf(c) >= 0 || !GoText.isPrint(c);
                    if (escaped) {
                        out.append(String.format(Locale.ROOT, "\\u%04X", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.toString();
    }
}
