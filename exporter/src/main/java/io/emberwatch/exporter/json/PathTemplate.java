package io.emberwatch.exporter.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text with paths in braces, as Kubernetes writes them: {@code planet-{ .location }}, {@code { .values[*].count }}.
 *
 * <p>Loops ({@code {range …}}) are refused.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubectl/jsonpath/">JSONPath support in Kubernetes</a>
 */
final class PathTemplate {
    private static final Configuration SETTINGS = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider())
            .mappingProvider(new JacksonMappingProvider())
            .options(Option.ALWAYS_RETURN_LIST, Option.SUPPRESS_EXCEPTIONS)
            .build();

    private final List<Part> parts;

    private PathTemplate(List<Part> parts) {
        this.parts = parts;
    }

    /** @param path null for a text that stands for itself */
    private record Part(String text, @Nullable JsonPath path) {}

    /** @throws IllegalArgumentException when it cannot be understood; the message says why */
    static PathTemplate compile(String template) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < template.length()) {
            int open = template.indexOf('{', at);
            if (open < 0) {
                parts.add(new Part(template.substring(at), null));
                break;
            }
            if (open > at) {
                parts.add(new Part(template.substring(at, open), null));
            }
            int close = closing(template, open);
            parts.add(part(template.substring(open + 1, close).trim(), template));
            at = close + 1;
        }
        return new PathTemplate(parts);
    }

    private static int closing(String template, int open) {
        char quote = 0;
        for (int i = open + 1; i < template.length(); i++) {
            char c = template.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '}') {
                return i;
            }
        }
        throw new IllegalArgumentException(template + ": a brace is not closed");
    }

    private static Part part(String inner, String template) {
        boolean quoted = inner.length() >= 2
                && (inner.charAt(0) == '"' || inner.charAt(0) == '\'')
                && inner.charAt(0) == inner.charAt(inner.length() - 1);
        if (quoted) {
            return new Part(inner.substring(1, inner.length() - 1), null);
        }
        String path;
        if (inner.startsWith("$") || inner.startsWith("@")) {
            path = "$" + inner.substring(1);
        } else if (inner.startsWith(".") || inner.startsWith("[")) {
            path = "$" + inner;
        } else {
            throw new IllegalArgumentException(
                    template + ": expected a path such as { .name } in braces, found " + inner);
        }
        try {
            return new Part("", JsonPath.compile(escaped(path.equals("$.") ? "$" : path)));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(template + ": " + e.getMessage(), e);
        }
    }

    // Kubernetes writes a dot within a name as \. where others put the name in brackets.
    private static String escaped(String path) {
        if (!path.contains("\\.")) {
            return path;
        }
        StringBuilder result = new StringBuilder();
        for (String name : path.split("(?<!\\\\)\\.", -1)) {
            if (name.contains("\\.")) {
                int bracket = name.indexOf('[');
                String key = bracket < 0 ? name : name.substring(0, bracket);
                result.append("['")
                        .append(key.replace("\\.", ".").replace("'", "\\'"))
                        .append("']")
                        .append(bracket < 0 ? "" : name.substring(bracket));
            } else {
                result.append(result.length() == 0 ? "" : ".").append(name);
            }
        }
        return result.toString();
    }

    /**
     * The text with what the paths lead to, several apart from each other by blanks; null when a path leads nowhere.
     */
    @Nullable
    String text(JsonNode document) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            JsonPath path = part.path;
            if (path == null) {
                text.append(part.text);
                continue;
            }
            List<JsonNode> found = read(path, document);
            if (found.isEmpty()) {
                return null;
            }
            String separator = "";
            for (JsonNode node : found) {
                text.append(separator).append(node.isValueNode() ? node.asText() : node.toString());
                separator = " ";
            }
        }
        return text.toString();
    }

    /** What the path leads to; a list stands for its items. */
    List<JsonNode> nodes(JsonNode document) {
        List<JsonNode> nodes = new ArrayList<>();
        for (Part part : parts) {
            if (part.path != null) {
                for (JsonNode found : read(part.path, document)) {
                    if (found.isArray()) {
                        found.forEach(nodes::add);
                    } else {
                        nodes.add(found);
                    }
                }
            }
        }
        return nodes;
    }

    private static List<JsonNode> read(JsonPath path, JsonNode document) {
        List<JsonNode> found = new ArrayList<>();
        try {
            Object result = path.read(document, SETTINGS);
            if (result instanceof ArrayNode array) {
                array.forEach(found::add);
            }
        } catch (JsonPathException | IllegalArgumentException | ClassCastException e) {
            return List.of(); // a filter that compares what cannot be compared
        }
        return found;
    }
}
