package io.emberwatch.service.config;

import io.emberwatch.service.config.ConfigException.Problem;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
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
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Makes {@link YamlNode}s of a text with SnakeYAML, whose objects and tags never come into play.
 *
 * <p>What an alias refers to is converted once and shared, but counted wherever it is used: whoever walks the tree must
 * not meet the billion nodes that a kilobyte of nested aliases stands for.
 */
final class YamlComposer {
    // What plain scalars resolve to in YAML 1.1.
    private static final Set<Tag> SCALAR_TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE);

    private final String fileName;
    private final List<Problem> problems = new ArrayList<>();
    private final IdentityHashMap<Node, Part> done = new IdentityHashMap<>();
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

    YamlComposer(String fileName) {
        this.fileName = fileName;
    }

    /** A converted node with the number of nodes and of levels that it stands for. */
    private record Part(YamlNode node, long size, int depth) {}

    YamlNode compose(String text) throws ConfigException {
        if (text.length() > YamlNode.MAX_CHARACTERS) {
            throw new ConfigException(List.of(
                    new Problem(fileName, 0, 0, "", "is longer than " + YamlNode.MAX_CHARACTERS + " characters")));
        }
        YamlNode root = new YamlNode.Scalar("", true, 1, 1);
        try {
            Iterator<Node> documents = yaml().composeAll(new StringReader(text)).iterator();
            if (documents.hasNext()) {
                root = convert(documents.next()).node();
            }
            if (documents.hasNext()) {
                problem(documents.next(), "a second document begins here; expected one");
            }
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            problems.add(new Problem(
                    fileName,
                    mark == null ? 0 : mark.getLine() + 1,
                    mark == null ? 0 : mark.getColumn() + 1,
                    "",
                    "not valid YAML: " + e.getProblem()));
        } catch (ReaderException e) {
            problems.add(illegalCharacter(text, e));
        } catch (YAMLException e) {
            problems.add(new Problem(fileName, 0, 0, "", "not valid YAML: " + e.getMessage()));
        }
        if (problems.isEmpty()) {
            return root;
        }
        throw new ConfigException(problems);
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(YamlNode.MAX_CHARACTERS);
        options.setMaxAliasesForCollections(YamlNode.MAX_ALIASES);
        options.setAllowRecursiveKeys(false);
        options.setNestingDepthLimit(YamlNode.MAX_DEPTH);
        DumperOptions unused = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new TextResolver());
    }

    /** Takes every plain scalar but a merge key for a text, which it is here; to look for numbers and dates in each takes time. */
    private static final class TextResolver extends Resolver {
        private static final int MERGE_KEY_LENGTH = 2;

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.MERGE, MERGE, "<", MERGE_KEY_LENGTH);
        }
    }

    private Problem illegalCharacter(String text, ReaderException e) {
        String before = text.substring(0, Math.min(text.length(), Math.max(0, e.getPosition())));
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        return new Problem(
                fileName,
                line,
                column,
                "",
                String.format("not valid YAML: the character U+%04X is not allowed", e.getCodePoint()));
    }

    private Part convert(Node node) {
        Part known = done.get(node);
        if (known != null) {
            return known;
        }
        if (!open.add(node)) {
            problem(node, "an alias refers to what it stands in");
            return new Part(new YamlNode.Scalar("", true, line(node), column(node)), 1, 1);
        }
        Part part;
        if (node instanceof MappingNode mapping) {
            part = mapping(mapping);
        } else if (node instanceof SequenceNode sequence) {
            part = sequence(sequence);
        } else {
            ScalarNode scalar = (ScalarNode) node;
            checkTag(node, SCALAR_TAGS);
            part = new Part(new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), line(node), column(node)), 1, 1);
        }
        part = bounded(node, part);
        open.remove(node);
        done.put(node, part);
        return part;
    }

    // Past a bound the node is replaced by an empty one, so that its users do not report the same again.
    private Part bounded(Node node, Part part) {
        if (part.size() > YamlNode.MAX_NODES) {
            problem(node, "more than " + YamlNode.MAX_NODES + " values, aliases resolved");
        } else if (part.depth() > YamlNode.MAX_DEPTH) {
            problem(node, "more than " + YamlNode.MAX_DEPTH + " levels deep, aliases resolved");
        } else {
            return part;
        }
        return new Part(new YamlNode.Scalar("", true, line(node), column(node)), 1, 1);
    }

    private Part sequence(SequenceNode node) {
        checkTag(node, Set.of(Tag.SEQ));
        List<YamlNode> items = new ArrayList<>();
        long size = 1;
        int depth = 0;
        for (Node item : node.getValue()) {
            Part part = convert(item);
            items.add(part.node());
            size += part.size();
            depth = Math.max(depth, part.depth());
        }
        return new Part(
                new YamlNode.Sequence(Collections.unmodifiableList(items), line(node), column(node)), size, depth + 1);
    }

    private Part mapping(MappingNode node) {
        checkTag(node, Set.of(Tag.MAP));
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
        long size = 1;
        int depth = 0;
        for (NodeTuple tuple : node.getValue()) {
            Node key = tuple.getKeyNode();
            Part value = convert(tuple.getValueNode());
            size += value.size();
            depth = Math.max(depth, value.depth());
            if (Tag.MERGE.equals(key.getTag())) {
                merge(tuple.getValueNode(), value.node(), merged);
            } else if (key instanceof ScalarNode scalar) {
                checkTag(key, SCALAR_TAGS);
                YamlNode.Entry entry = new YamlNode.Entry(line(key), column(key), value.node());
                YamlNode.Entry first = entries.putIfAbsent(scalar.getValue(), entry);
                if (first != null) {
                    problem(key, "key " + scalar.getValue() + " occurs twice, first in line " + first.line());
                }
            } else {
                convert(key);
                problem(key, "a key must be a text");
            }
        }
        merged.forEach(entries::putIfAbsent);
        return new Part(
                new YamlNode.Mapping(Collections.unmodifiableMap(entries), line(node), column(node)), size, depth + 1);
    }

    private void merge(Node at, YamlNode value, Map<String, YamlNode.Entry> into) {
        List<YamlNode> sources = value instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(value);
        for (YamlNode source : sources) {
            if (source instanceof YamlNode.Mapping mapping) {
                mapping.entries().forEach(into::putIfAbsent);
            } else {
                problem(at, "<< merges mappings, this is " + source.kind());
            }
        }
    }

    private void checkTag(Node node, Set<Tag> allowed) {
        if (!allowed.contains(node.getTag())) {
            problem(node, "the tag " + node.getTag().getValue() + " is not allowed here");
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
