package io.emberwatch.push;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sections of a file of plain keys and values; gathers everything that is wrong, with its place. */
final class UpstreamSections {
    private final String fileName;
    private final Map<String, YamlNode.Entry> entries;
    private final Set<String> usedSections = new HashSet<>();
    private final List<Section> given = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    UpstreamSections(String fileName, YamlNode root) {
        this.fileName = fileName;
        if (root instanceof YamlNode.Mapping mapping) {
            entries = mapping.entries();
        } else {
            entries = Map.of();
            add(root.line(), root.column(), "", "expected sections");
        }
    }

    private void add(int line, int column, String path, String message) {
        problems.add(new Problem(fileName, line, column, path, message));
    }

    ConfigException problem(String message) {
        return new ConfigException(List.of(new Problem(fileName, 0, 0, "", message)));
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** The section, or an empty one. */
    Section section(String name) {
        usedSections.add(name);
        YamlNode.Entry entry = entries.get(name);
        return section(name, entry == null ? null : entry.value());
    }

    private Section section(String path, @Nullable YamlNode node) {
        Section section = new Section(path, node);
        given.add(section);
        return section;
    }

    /** The sections of a list; none when it is absent. */
    List<Section> list(String name) {
        usedSections.add(name);
        YamlNode.Entry entry = entries.get(name);
        List<Section> sections = new ArrayList<>();
        if (entry == null || (entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull())) {
            return sections;
        }
        if (entry.value() instanceof YamlNode.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                sections.add(section(name + "[" + i + "]", sequence.items().get(i)));
            }
        } else {
            add(entry.line(), entry.column(), name, "expected a list");
        }
        return sections;
    }

    /** What is made of checked values, or null when they were wrong. */
    <T> @Nullable T make(Supplier<T> made) {
        int before = problems.size();
        try {
            T value = made.get();
            return problems.size() == before ? value : null;
        } catch (IllegalArgumentException e) {
            if (problems.size() == before) {
                add(0, 0, "", String.valueOf(e.getMessage()));
            }
            return null;
        }
    }

    /** Reports sections and keys that nobody asked for. */
    void requireAllUsed() {
        entries.forEach((name, entry) -> {
            if (!usedSections.contains(name)) {
                add(entry.line(), entry.column(), name, "unknown section");
            }
        });
        given.forEach(Section::requireAllUsed);
    }

    void throwProblems() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Keys and values at one place. */
    final class Section {
        private final String path;
        private final Map<String, YamlNode.Entry> values;
        private final Set<String> used = new HashSet<>();
        private final int line;
        private final int column;

        private Section(String path, @Nullable YamlNode node) {
            this.path = path;
            this.line = node == null ? 0 : node.line();
            this.column = node == null ? 0 : node.column();
            if (node instanceof YamlNode.Mapping mapping) {
                values = mapping.entries();
            } else {
                values = Map.of();
                if (node != null && !(node instanceof YamlNode.Scalar scalar && scalar.isNull())) {
                    add(line, column, path, "expected keys and values");
                }
            }
        }

        boolean has(String key) {
            return values.containsKey(key);
        }

        /** Keys that may stand here but are not needed. */
        void optional(String... keys) {
            used.addAll(List.of(keys));
        }

        String get(String key, String otherwise) {
            String value = text(key);
            return value == null ? otherwise : value;
        }

        String required(String key) {
            String value = text(key);
            if (value == null || value.isEmpty()) {
                add(line, column, path + "." + key, "is missing");
                return "missing";
            }
            return value;
        }

        private @Nullable String text(String key) {
            used.add(key);
            YamlNode.Entry entry = values.get(key);
            if (entry == null) {
                return null;
            }
            if (entry.value() instanceof YamlNode.Scalar scalar) {
                return scalar.isNull() ? null : scalar.text();
            }
            add(entry.line(), entry.column(), path + "." + key, "expected text");
            return null;
        }

        int whole(String key, int otherwise) {
            String value = text(key);
            return value == null ? otherwise : number(key, value);
        }

        int number(String key, String value) {
            try {
                return Integer.parseInt(value.strip());
            } catch (NumberFormatException e) {
                YamlNode.Entry entry = values.get(key);
                add(
                        entry == null ? line : entry.line(),
                        entry == null ? column : entry.column(),
                        path + "." + key,
                        "\"" + value + "\" is not a whole number");
                return 1;
            }
        }

        /** The keys that nobody asked for, but for some; they count as known from now on. */
        Map<String, String> rest(String... but) {
            Map<String, String> rest = new LinkedHashMap<>();
            Set<String> known = new HashSet<>(used);
            known.addAll(List.of(but));
            for (String key : values.keySet()) {
                String value = known.contains(key) ? null : text(key);
                if (value != null) {
                    rest.put(key, value);
                }
            }
            return rest;
        }

        private void requireAllUsed() {
            values.forEach((key, entry) -> {
                if (!used.contains(key)) {
                    add(entry.line(), entry.column(), path + "." + key, "unknown key");
                }
            });
        }
    }
}
