package io.emberwatch.service.config;

import io.emberwatch.service.config.ConfigException.Problem;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** A piece of a YAML file with its place; scalars keep the text as it was written. */
public sealed interface YamlNode {
    /** The largest file that is read, in characters. */
    int MAX_CHARACTERS = 16 << 20;

    /** How many aliases to collections a file may hold. */
    int MAX_ALIASES = 1000;

    /** From 1. */
    int line();

    /** From 1. */
    int column();

    /** What it is, for messages: {@code text}, {@code a mapping}, {@code a list}. */
    String kind();

    /**
     * A text, number or other plain value.
     *
     * @param text as written, without quotes
     * @param plain whether it stood without quotes
     */
    record Scalar(String text, boolean plain, int line, int column) implements YamlNode {
        /** Whether YAML reads it as nothing: {@code null}, {@code ~} or an empty plain scalar. */
        public boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        @Override
        public String kind() {
            return isNull() ? "nothing" : "text";
        }
    }

    /** Entries by key, in the order of the file. */
    record Mapping(Map<String, Entry> entries, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }

        /** The value of a key, or null. */
        public @Nullable YamlNode get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }
    }

    /** A value with the place of its key. */
    record Entry(int line, int column, YamlNode value) {}

    /** Items in order. */
    record Sequence(List<YamlNode> items, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * Reads the first document of a text, aliases and merge keys resolved. An empty text is a null scalar.
     *
     * @throws ConfigException when it is not YAML, a key occurs twice, or a limit is passed
     */
    static YamlNode parse(String fileName, String text) throws ConfigException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setAllowRecursiveKeys(false);
        options.setNestingDepthLimit(100);
        Yaml yaml = new Yaml(
                new SafeConstructor(options),
                new Representer(new org.yaml.snakeyaml.DumperOptions()),
                new org.yaml.snakeyaml.DumperOptions(),
                options,
                new Resolver());
        List<Problem> problems = new ArrayList<>();
        try {
            Iterator<Node> documents = yaml.composeAll(new StringReader(text)).iterator();
            YamlNode root = documents.hasNext()
                    ? new Conversion(fileName, problems).convert(documents.next())
                    : new Scalar("", true, 1, 1);
            if (problems.isEmpty()) {
                return root;
            }
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            problems.add(new Problem(
                    fileName,
                    mark == null ? 0 : mark.getLine() + 1,
                    mark == null ? 0 : mark.getColumn() + 1,
                    "",
                    "not valid YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            problems.add(new Problem(fileName, 0, 0, "", "not valid YAML: " + e.getMessage()));
        }
        throw new ConfigException(problems);
    }

    /** From SnakeYAML's nodes; every collection is converted once however often it is referred to. */
    final class Conversion {
        private final String fileName;
        private final List<Problem> problems;
        private final IdentityHashMap<Node, YamlNode> done = new IdentityHashMap<>();
        private final IdentityHashMap<Node, Boolean> open = new IdentityHashMap<>();

        private Conversion(String fileName, List<Problem> problems) {
            this.fileName = fileName;
            this.problems = problems;
        }

        private YamlNode convert(Node node) {
            YamlNode known = done.get(node);
            if (known != null) {
                return known;
            }
            if (open.put(node, true) != null) {
                problem(node, "an alias refers to what it stands in");
                return new Scalar("", true, line(node), column(node));
            }
            YamlNode made;
            if (node instanceof MappingNode mapping) {
                made = mapping(mapping);
            } else if (node instanceof SequenceNode sequence) {
                made = new Sequence(
                        sequence.getValue().stream().map(this::convert).toList(), line(node), column(node));
            } else {
                ScalarNode scalar = (ScalarNode) node;
                made = new Scalar(scalar.getValue(), scalar.isPlain(), line(node), column(node));
            }
            open.remove(node);
            done.put(node, made);
            return made;
        }

        private Mapping mapping(MappingNode node) {
            Map<String, Entry> entries = new LinkedHashMap<>();
            Map<String, Entry> merged = new LinkedHashMap<>();
            for (NodeTuple tuple : node.getValue()) {
                Node key = tuple.getKeyNode();
                if (Tag.MERGE.equals(key.getTag())) {
                    merge(tuple.getValueNode(), merged);
                } else if (key instanceof ScalarNode scalar) {
                    Entry entry = new Entry(line(key), column(key), convert(tuple.getValueNode()));
                    if (entries.put(scalar.getValue(), entry) != null) {
                        problem(key, "key " + scalar.getValue() + " occurs twice");
                    }
                } else {
                    problem(key, "a key must be a text");
                }
            }
            merged.forEach(entries::putIfAbsent);
            return new Mapping(entries, line(node), column(node));
        }

        private void merge(Node value, Map<String, Entry> into) {
            YamlNode converted = convert(value);
            List<YamlNode> sources = converted instanceof Sequence sequence ? sequence.items() : List.of(converted);
            for (YamlNode source : sources) {
                if (source instanceof Mapping mapping) {
                    mapping.entries().forEach(into::putIfAbsent);
                } else {
                    problem(value, "<< merges mappings, this is " + source.kind());
                }
            }
        }

        private void problem(Node node, String message) {
            problems.add(new Problem(fileName, line(node), column(node), "", message));
        }

        private static int line(Node node) {
            return node.getStartMark().getLine() + 1;
        }

        private static int column(Node node) {
            return node.getStartMark().getColumn() + 1;
        }
    }
}
