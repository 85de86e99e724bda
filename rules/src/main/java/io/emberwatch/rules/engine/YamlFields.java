package io.emberwatch.rules.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Nodes of YAML read as text: a scalar is what stands in the file, whatever type YAML would give it. */
final class YamlFields {
    private static final int MAX_MERGES = 16;

    /** A node that is not what it should be. */
    static final class Mismatch extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Node node;

        Mismatch(Node node, String message) {
            super(message);
            this.node = node;
        }

        Node node() {
            return node;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /** A key with its value. */
    record Entry(ScalarNode key, Node value) {}

    private YamlFields() {}

    /** The keys of a mapping in order, {@code <<} merged in; nothing at all is an empty mapping. */
    static Map<String, Entry> mapping(Node node) throws Mismatch {
        Map<String, Entry> entries = new LinkedHashMap<>();
        if (isNull(node)) {
            return entries;
        }
        collect(node, entries, 0);
        return entries;
    }

    private static void collect(Node node, Map<String, Entry> entries, int depth) throws Mismatch {
        if (!(node instanceof MappingNode mapping)) {
            throw new Mismatch(node, "expected a mapping, found " + kind(node));
        }
        if (depth > MAX_MERGES) {
            throw new Mismatch(node, "merges nest deeper than " + MAX_MERGES);
        }
        List<Node> merged = new ArrayList<>();
        Map<String, Entry> own = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new Mismatch(tuple.getKeyNode(), "a key must be a scalar");
            }
            if (key.getTag().equals(Tag.MERGE)) {
                merged.addAll(
                        tuple.getValueNode() instanceof SequenceNode list
                                ? list.getValue()
                                : List.of(tuple.getValueNode()));
            } else if (own.put(key.getValue(), new Entry(key, tuple.getValueNode())) != null) {
                throw new Mismatch(key, "key \"" + key.getValue() + "\" is already set in this mapping");
            }
        }
        own.forEach(entries::putIfAbsent);
        for (Node other : merged) {
            collect(other, entries, depth + 1);
        }
    }

    /** The items of a list; nothing at all is an empty list. */
    static List<Node> sequence(Node node) throws Mismatch {
        if (isNull(node)) {
            return List.of();
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw new Mismatch(node, "expected a list, found " + kind(node));
    }

    /** The text of a scalar as written; nothing at all is the empty text. */
    static String scalar(Node node) throws Mismatch {
        if (node instanceof ScalarNode scalar) {
            return isNull(node) ? "" : scalar.getValue();
        }
        throw new Mismatch(node, "expected a text, found " + kind(node));
    }

    /** Names and texts. */
    static Map<String, String> texts(Node node) throws Mismatch {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Entry> entry : mapping(node).entrySet()) {
            texts.put(entry.getKey(), scalar(entry.getValue().value()));
        }
        return texts;
    }

    static boolean isNull(Node node) {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    private static String kind(Node node) {
        return switch (node.getNodeId()) {
            case mapping -> "a mapping";
            case sequence -> "a list";
            default -> "a scalar";
        };
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    static int column(Node node) {
        return node.getStartMark().getColumn() + 1;
    }
}
