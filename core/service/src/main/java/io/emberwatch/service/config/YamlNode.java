package io.emberwatch.service.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of a YAML file with its place; scalars keep the text as it was written. */
public sealed interface YamlNode {
    /** The largest file that is read, in characters. */
    int MAX_CHARACTERS = 16 << 20;

    /** How many aliases to collections a file may hold. */
    int MAX_ALIASES = 1000;

    /** How many nodes a file may hold, counting again what an alias refers to. */
    int MAX_NODES = 1_000_000;

    /** How many levels deep a file may be, those that aliases add included. */
    int MAX_DEPTH = 100;

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
     * Reads a text of one document, aliases and merge keys resolved. An empty text is a null scalar.
     *
     * @throws ConfigException when it is not YAML, holds a second document, a tag beyond YAML's own, or a key twice, or
     *     passes a limit
     */
    static YamlNode parse(String fileName, String text) throws ConfigException {
        return new YamlComposer(fileName).compose(text);
    }
}
