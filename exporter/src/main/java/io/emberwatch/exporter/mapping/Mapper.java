package io.emberwatch.exporter.mapping;

import io.emberwatch.exporter.mapping.MappingConfig.Defaults;
import io.emberwatch.exporter.mapping.MappingConfig.EventType;
import io.emberwatch.exporter.series.SummaryShape;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps the names of events. Globs come before regular expressions, whatever their order; among either the first rule of the
 * file wins. Immutable.
 */
public final class Mapper {
    private final Defaults defaults;
    private final int size;
    private final Map<EventType, GlobTree> globs = new EnumMap<>(EventType.class);
    private final List<Rule> regexes = new ArrayList<>();
    private final Rule unmapped;

    /** @throws IllegalArgumentException when a rule cannot be used, with its place and why */
    public Mapper(MappingConfig config) {
        defaults = config.defaults();
        size = config.mappings().size();
        for (EventType type : List.of(EventType.COUNTER, EventType.GAUGE, EventType.OBSERVER)) {
            globs.put(type, new GlobTree(!defaults.globDisableOrdering()));
        }
        for (int i = 0; i < size; i++) {
            Rule rule;
            try {
                rule = new Rule(i, config.mappings().get(i), defaults);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("mappings[" + i + "]: " + e.getMessage(), e);
            }
            if (rule.isGlob()) {
                globs.forEach((type, tree) -> {
                    if (rule.matches(type)) {
                        tree.add(rule);
                    }
                });
            } else {
                regexes.add(rule);
            }
        }
        unmapped = new Rule(
                size,
                new MappingConfig.Mapping(
                        "*",
                        MappingConfig.MatchType.GLOB,
                        null,
                        "_",
                        Map.of(),
                        false,
                        MappingConfig.Action.MAP,
                        "",
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null),
                defaults);
    }

    /**
     * Reads a mapping file.
     *
     * @throws IOException when it cannot be read, or with everything that is wrong with it
     */
    public static Mapper read(Path file) throws IOException {
        try {
            return new Mapper(ConfigReader.read(file, MappingConfig.class));
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** A mapper without rules. */
    public static Mapper none() {
        return new Mapper(ConfigReader.defaults(MappingConfig.class));
    }

    /** What the name becomes; null when no rule matches. */
    public @Nullable Mapped map(String name, EventType type) {
        GlobTree tree = globs.get(type);
        Mapped mapped = tree == null ? null : tree.match(name);
        if (mapped != null) {
            return mapped;
        }
        for (Rule rule : regexes) {
            mapped = rule.matches(type) ? rule.match(name) : null;
            if (mapped != null) {
                return mapped;
            }
        }
        return null;
    }

    /** How many rules there are. */
    public int size() {
        return size;
    }

    /** What holds for names that no rule matches. */
    public Rule unmapped() {
        return unmapped;
    }

    /** The summary of names that no rule matches. */
    public SummaryShape summary() {
        return unmapped.summary();
    }

    /**
     * A metric name as statsd_exporter escapes it: an underscore before a leading digit and for every character that is not
     * an ASCII letter, digit or underscore; of several dashes one.
     */
    public static String escape(String name) {
        StringBuilder escaped = new StringBuilder(name.length() + 1);
        int before = 0;
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (i == 0 && digit) {
                escaped.append('_');
            }
            if (digit || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
                escaped.append((char) c);
            } else if (c != '-' || before != '-') {
                escaped.append('_');
            }
            before = c;
            i += Character.charCount(c);
        }
        return escaped.toString();
    }
}
