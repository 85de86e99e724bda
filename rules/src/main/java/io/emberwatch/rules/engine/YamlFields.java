package io.emberwatch.rules.engine;

import io.emberwatch.service.config.YamlNode;
import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of YAML as rule files and their tests use them; nothing at all stands for the empty text, list or mapping. */
public final class YamlFields {
    /** A piece that is not what it should be. */
    public static final class Mismatch extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient YamlNode node;

        public Mismatch(YamlNode node, String message) {
            super(message);
            this.node = node;
        }

        public YamlNode node() {
            return node;
        }

        public String text() {
            return String.valueOf(getMessage());
        }
    }

    private YamlFields() {}

    /** The entries of a mapping in the order of the file. */
    public static Map<String, YamlNode.Entry> mapping(YamlNode node) throws Mismatch {
        if (isNull(node)) {
            return Map.of();
        }
        if (node instanceof YamlNode.Mapping mapping) {
            return mapping.entries();
        }
        throw new Mismatch(node, "expected a mapping, found " + node.kind());
    }

    /** The items of a list. */
    public static List<YamlNode> sequence(YamlNode node) throws Mismatch {
        if (isNull(node)) {
            return List.of();
        }
        if (node instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        throw new Mismatch(node, "expected a list, found " + node.kind());
    }

    /** The text of a scalar as written. */
    public static String scalar(YamlNode node) throws Mismatch {
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar.isNull() ? "" : scalar.text();
        }
        throw new Mismatch(node, "expected a text, found " + node.kind());
    }

    /** Names and texts. */
    public static Map<String, String> texts(YamlNode node) throws Mismatch {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, YamlNode.Entry> entry : mapping(node).entrySet()) {
            texts.put(entry.getKey(), scalar(entry.getValue().value()));
        }
        return texts;
    }

    public static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.isNull();
    }
}
