package io.emberwatch.rules.template;

import io.emberwatch.rules.template.Node.Step;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A label or annotation of an alerting rule, compiled once: Go's {@code text/template} with the functions and variables
 * of Prometheus (docs, "Template reference"), {@code missingkey=zero}.
 *
 * <p>{@code $labels}, {@code $externalLabels}, {@code $externalURL} and {@code $value} are there from the start. Text
 * without double braces is its own expansion and costs nothing. Immutable.
 */
public final class Template {
    /** What an expansion rests on, the weakest first. */
    public enum Dependence {
        /** Always the same text. */
        NOTHING,
        /** The labels of the sample, and what never changes while the rule is loaded. */
        LABELS,
        /** The sample's value too. */
        VALUE,
        /** Other series or the time. */
        SURROUNDINGS
    }

    private static final String PREFIX = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}"
            + "{{$externalURL := .ExternalURL}}{{$value := .Value}}";
    private static final int PREFIX_STEPS = 4;
    private static final Map<String, TemplateFunction> FUNCTIONS = functions();

    private final String name;
    private final String source;
    private final @Nullable Map<String, List<Step>> definitions;
    private final Dependence dependence;

    private Template(String name, String source, @Nullable Map<String, List<Step>> definitions, Dependence dependence) {
        this.name = name;
        this.source = source;
        this.definitions = definitions;
        this.dependence = dependence;
    }

    private static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>(GoFunctions.all());
        all.putAll(PrometheusFunctions.all());
        return Map.copyOf(all);
    }

    /**
     * Compiles a text.
     *
     * @param name what messages call the template, such as {@code __alert_InstanceDown}
     * @throws TemplateException when it does not parse, names an unknown function or an undefined variable
     */
    public static Template parse(String name, String text) throws TemplateException {
        if (!text.contains("{{")) {
            return new Template(name, text, null, Dependence.NOTHING);
        }
        String source = PREFIX + text;
        Map<String, List<Step>> definitions = Parser.parse(name, source, FUNCTIONS.keySet());
        List<Step> main = definitions.getOrDefault(name, List.of());
        Dependence dependence = Dependences.of(main.subList(Math.min(PREFIX_STEPS, main.size()), main.size()));
        for (Map.Entry<String, List<Step>> definition : definitions.entrySet()) {
            if (!definition.getKey().equals(name)) {
                dependence = Dependences.stronger(dependence, Dependences.of(definition.getValue()));
            }
        }
        return new Template(name, source, Map.copyOf(definitions), dependence);
    }

    String name() {
        return name;
    }

    @Nullable
    List<Step> definition(String called) {
        return definitions == null ? null : definitions.get(called);
    }

    /** The text as it was given to {@link #parse}. */
    public String text() {
        return definitions == null ? source : source.substring(PREFIX.length());
    }

    public Dependence dependence() {
        return dependence;
    }

    /**
     * The text for one alert.
     *
     * @throws TemplateException with a message that begins with {@code error executing template}
     */
    public String expand(TemplateData data, Instant at, TemplateQueries queries) throws TemplateException {
        if (definitions == null) {
            return source;
        }
        try {
            return new Interpreter(this, FUNCTIONS, new Expansion(data, at, queries))
                    .run(definitions.getOrDefault(name, List.of()));
        } catch (TemplateException e) {
            throw new TemplateException("error executing template " + name + ": " + e.text());
        }
    }

    /** Line and column of an offset, as Go's messages give them: the line from 1, the column in bytes from 0. */
    String position(int offset) {
        String before = source.substring(0, Math.min(offset, source.length()));
        int lineStart = before.lastIndexOf('\n') + 1;
        long line = 1 + before.chars().filter(c -> c == '\n').count();
        return line + ":" + before.substring(lineStart).getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return text();
    }
}
