package io.emberwatch.rules.template;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Utf8Order;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.template.TemplateFunction.Parameter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions that Prometheus gives to templates (docs, "Template reference"). */
final class PrometheusFunctions {
    private PrometheusFunctions() {}

    static Map<String, TemplateFunction> all() {
        Map<String, TemplateFunction> all = new HashMap<>();
        queries(all);
        numbers(all);
        strings(all);
        links(all);
        return all;
    }

    private static void queries(Map<String, TemplateFunction> all) {
        put(all, "query", (args, expansion) -> query(text(args, 0), expansion), Parameter.STRING);
        put(all, "first", (args, expansion) -> first((GoValue.Vector) value(args, 0)), Parameter.VECTOR);
        put(
                all,
                "label",
                (args, expansion) -> element(args, 1).labels().get(text(args, 0)),
                Parameter.STRING,
                Parameter.ELEMENT);
        put(all, "value", (args, expansion) -> element(args, 0).value(), Parameter.ELEMENT);
        put(all, "strvalue", (args, expansion) -> element(args, 0).labels().get("__value__"), Parameter.ELEMENT);
        put(
                all,
                "sortByLabel",
                (args, expansion) -> sorted(text(args, 0), (GoValue.Vector) value(args, 1)),
                Parameter.STRING,
                Parameter.VECTOR);
        all.put("args", new TemplateFunction(List.of(Parameter.ANY), true, (args, expansion) -> arguments(args)));
    }

    private static void numbers(Map<String, TemplateFunction> all) {
        put(all, "humanize", (args, expansion) -> Humanize.decimal(number(args)), Parameter.ANY);
        put(all, "humanize1024", (args, expansion) -> Humanize.binary(number(args)), Parameter.ANY);
        put(all, "humanizeDuration", (args, expansion) -> Humanize.duration(number(args)), Parameter.ANY);
        put(all, "humanizePercentage", (args, expansion) -> Humanize.percentage(number(args)), Parameter.ANY);
        put(all, "humanizeTimestamp", (args, expansion) -> Humanize.timestamp(number(args)), Parameter.ANY);
        put(all, "toTime", (args, expansion) -> Humanize.time(number(args)), Parameter.ANY);
        put(all, "toDuration", (args, expansion) -> Humanize.span(number(args)), Parameter.ANY);
        put(all, "parseDuration", (args, expansion) -> parseDuration(text(args, 0)), Parameter.STRING);
        put(all, "now", (args, expansion) -> expansion.at().toEpochMilli() / 1000.0);
    }

    private static void strings(Map<String, TemplateFunction> all) {
        put(all, "title", (args, expansion) -> title(text(args, 0)), Parameter.STRING);
        put(all, "toUpper", (args, expansion) -> mapped(text(args, 0), Character::toUpperCase), Parameter.STRING);
        put(all, "toLower", (args, expansion) -> mapped(text(args, 0), Character::toLowerCase), Parameter.STRING);
        put(all, "safeHtml", (args, expansion) -> text(args, 0), Parameter.STRING);
        put(
                all,
                "match",
                (args, expansion) -> regex(text(args, 0)).matcher(text(args, 1)).find(),
                Parameter.STRING,
                Parameter.STRING);
        put(
                all,
                "reReplaceAll",
                (args, expansion) ->
                        new RegexReplacement(requiredRegex(text(args, 0)), text(args, 1)).apply(text(args, 2)),
                Parameter.STRING,
                Parameter.STRING,
                Parameter.STRING);
        put(all, "stripPort", (args, expansion) -> HostPort.stripPort(text(args, 0)), Parameter.STRING);
        put(all, "stripDomain", (args, expansion) -> HostPort.stripDomain(text(args, 0)), Parameter.STRING);
        put(all, "urlQueryEscape", (args, expansion) -> queryEscape(text(args, 0)), Parameter.STRING);
    }

    private static void links(Map<String, TemplateFunction> all) {
        put(all, "graphLink", (args, expansion) -> link(text(args, 0), 0), Parameter.STRING);
        put(all, "tableLink", (args, expansion) -> link(text(args, 0), 1), Parameter.STRING);
        put(all, "externalURL", (args, expansion) -> expansion.data().externalUrl());
        put(all, "pathPrefix", (args, expansion) -> path(expansion.data().externalUrl()));
    }

    private static void put(
            Map<String, TemplateFunction> all, String name, TemplateFunction.Body body, Parameter... parameters) {
        all.put(name, new TemplateFunction(Arrays.asList(parameters), false, body));
    }

    private static Object value(List<@Nullable Object> args, int index) {
        return Objects.requireNonNull(args.get(index));
    }

    private static String text(List<@Nullable Object> args, int index) {
        return (String) value(args, index);
    }

    private static GoValue.Element element(List<@Nullable Object> args, int index) throws TemplateException {
        if (args.get(index) instanceof GoValue.Element element) {
            return element;
        }
        throw new TemplateException("runtime error: invalid memory address or nil pointer dereference");
    }

    private static double number(List<@Nullable Object> args) throws TemplateException {
        Object value = args.get(0);
        if (value == null) {
            throw new TemplateException("can't convert <nil> to float");
        }
        return Humanize.toDouble(value);
    }

    private static GoValue.Vector query(String expression, Expansion expansion) throws TemplateException {
        try {
            List<GoValue.Element> elements = new ArrayList<>();
            for (Sample sample : expansion.queries().query(expression, expansion.at())) {
                elements.add(new GoValue.Element(sample.labels(), sample.value()));
            }
            return new GoValue.Vector(elements);
        } catch (QueryException e) {
            throw new TemplateException(String.valueOf(e.getMessage()));
        }
    }

    private static GoValue.Element first(GoValue.Vector vector) throws TemplateException {
        if (vector.elements().isEmpty()) {
            throw new TemplateException("first() called on vector with no elements");
        }
        return vector.elements().get(0);
    }

    private static GoValue.Vector sorted(String label, GoValue.Vector vector) {
        List<GoValue.Element> elements = new ArrayList<>(vector.elements());
        elements.sort(Comparator.comparing(element -> element.labels().get(label), Utf8Order.INSTANCE));
        return new GoValue.Vector(elements);
    }

    private static Map<String, @Nullable Object> arguments(List<@Nullable Object> args) {
        Map<String, @Nullable Object> named = new TreeMap<>();
        for (int i = 0; i < args.size(); i++) {
            named.put("arg" + i, args.get(i));
        }
        return named;
    }

    private static double parseDuration(String text) throws TemplateException {
        try {
            return Durations.parse(text).toMillis() / 1000.0;
        } catch (IllegalArgumentException e) {
            throw new TemplateException("not a valid duration string: " + GoText.quote(text));
        }
    }

    private static Pattern regex(String pattern) throws TemplateException {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new TemplateException("error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`");
        }
    }

    private static Pattern requiredRegex(String pattern) throws TemplateException {
        try {
            return regex(pattern);
        } catch (TemplateException e) {
            String quoted = pattern.contains("`") ? GoText.quote(pattern) : "`" + pattern + "`";
            throw new TemplateException("regexp: Compile(" + quoted + "): " + e.text());
        }
    }

    // Go changes characters one by one, so that none becomes two.
    private static String mapped(String text, IntUnaryOperator change) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().map(change).forEach(out::appendCodePoint);
        return out.toString();
    }

    // A letter is raised when the character in front of it is no letter, digit or underscore; none is lowered.
    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int before = ' ';
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean inside = Character.isLetterOrDigit(before) || before == '_' || before == '\'';
            out.appendCodePoint(inside ? c : Character.toTitleCase(c));
            before = c;
            i += Character.charCount(c);
        }
        return out.toString();
    }

    static String queryEscape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String link(String expression, int tab) {
        return "/graph?g0.expr=" + queryEscape(expression) + "&g0.tab=" + tab;
    }

    private static String path(String url) {
        try {
            String path = URI.create(url).getPath();
            return path == null ? "" : path;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
