package io.emberwatch.rules.engine;

import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.engine.YamlFields.Mismatch;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.YamlNode;
import io.emberwatch.service.config.YamlNode.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads rule files of Prometheus 3.14 (docs, "Recording rules"), as strictly as Prometheus does: every fault of a file
 * is found at once. Only the first YAML document counts. A file may have up to {@value #MAX_FILE_BYTES} bytes.
 */
public final class RuleFileLoader {
    static final int MAX_FILE_BYTES = 16 << 20;
    private static final Set<String> GROUP_FIELDS =
            Set.of("name", "interval", "query_offset", "limit", "labels", "rules");

    private final RuleQueries queries;
    private final NameScheme names;
    private final boolean ignoresUnknownFields;

    public RuleFileLoader(RuleQueries queries) {
        this(queries, NameScheme.UTF8);
    }

    public RuleFileLoader(RuleQueries queries, NameScheme names) {
        this(queries, names, false);
    }

    private RuleFileLoader(RuleQueries queries, NameScheme names, boolean ignoresUnknownFields) {
        this.queries = queries;
        this.names = names;
        this.ignoresUnknownFields = ignoresUnknownFields;
    }

    /** The same, but passing over fields that it does not know, as {@code --ignore-unknown-fields} of promtool has it. */
    public RuleFileLoader ignoringUnknownFields() {
        return new RuleFileLoader(queries, names, true);
    }

    /**
     * Reads what comes, to its end.
     *
     * @param name what faults call it
     * @throws RuleFileException when it cannot be read or anything in it is wrong
     */
    public RuleFile read(String name, InputStream in) throws RuleFileException {
        try {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw whole(name, "is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return parse(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw whole(name, "is not UTF-8 text");
        } catch (IOException e) {
            throw whole(name, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads a file.
     *
     * @throws RuleFileException when it cannot be read or anything in it is wrong
     */
    public RuleFile load(Path file) throws RuleFileException {
        String name = file.toString();
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw whole(name, "is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return parse(name, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw whole(name, "no such file");
        } catch (CharacterCodingException e) {
            throw whole(name, "is not UTF-8 text");
        } catch (IOException e) {
            throw whole(name, String.valueOf(e.getMessage()));
        }
    }

    private static RuleFileException whole(String file, String message) {
        return new RuleFileException(List.of(new RuleFault(file, 0, 0, "", 0, "", message)));
    }

    /**
     * Reads a text.
     *
     * @param file what faults call the text
     */
    public RuleFile parse(String file, String text) throws RuleFileException {
        Reading reading = new Reading(file);
        int second = secondDocument(text);
        try {
            reading.document(YamlNode.parse(file, second < 0 ? text : text.substring(0, second)));
        } catch (ConfigException e) {
            for (ConfigException.Problem problem : e.problems()) {
                reading.faults.add(new RuleFault(file, problem.line(), problem.column(), "", 0, "", problem.message()));
            }
        }
        if (!reading.faults.isEmpty()) {
            throw new RuleFileException(reading.faults);
        }
        List<RuleFault> warnings = new ArrayList<>();
        if (second >= 0) {
            int line = (int) text.substring(0, second).lines().count() + 1;
            warnings.add(new RuleFault(file, line, 1, "", 0, "", "only the first YAML document of a file is read"));
        }
        return new RuleFile(file, reading.groups, warnings);
    }

    // Where the second document begins, or -1: a marker in the first column is nothing else in YAML.
    private static int secondDocument(String text) {
        boolean begun = false;
        for (int start = 0; start >= 0 && start < text.length(); ) {
            int end = text.indexOf('\n', start);
            String line = text.substring(start, end < 0 ? text.length() : end);
            boolean marker = line.startsWith("---");
            if (begun && marker) {
                return start;
            }
            begun |= !line.isBlank() && !line.startsWith("#") && !marker;
            start = end < 0 ? -1 : end + 1;
        }
        return -1;
    }

    /** One pass over one file. */
    private final class Reading {
        private final String file;
        private final List<RuleGroup> groups = new ArrayList<>();
        private final List<RuleFault> faults = new ArrayList<>();
        private final Set<String> groupNames = new HashSet<>();

        Reading(String file) {
            this.file = file;
        }

        RuleFault at(YamlNode node, String message) {
            return new RuleFault(file, node.line(), node.column(), "", 0, "", message);
        }

        private RuleFault at(Entry key, String message) {
            return new RuleFault(file, key.line(), key.column(), "", 0, "", message);
        }

        void document(YamlNode root) {
            try {
                Map<String, Entry> fields = YamlFields.mapping(root);
                known(fields, Set.of("groups"), "a rule file");
                Entry list = fields.get("groups");
                if (list != null) {
                    for (YamlNode node : YamlFields.sequence(list.value())) {
                        group(node);
                    }
                }
            } catch (Mismatch e) {
                faults.add(at(e.node(), e.text()));
            }
        }

        private void known(Map<String, Entry> fields, Set<String> known, String where) {
            for (Map.Entry<String, Entry> field : fields.entrySet()) {
                if (!ignoresUnknownFields && !known.contains(field.getKey())) {
                    faults.add(at(
                            field.getValue(),
                            "field " + field.getKey() + " not found in " + where + ", which has "
                                    + String.join(", ", known.stream().sorted().toList())));
                }
            }
        }

        private void group(YamlNode node) {
            try {
                Map<String, Entry> fields = YamlFields.mapping(node);
                known(fields, GROUP_FIELDS, "a group");
                Entry named = fields.get("name");
                String name = named == null ? "" : YamlFields.scalar(named.value());
                if (name.isEmpty()) {
                    faults.add(at(node, "groupname must not be empty"));
                } else if (!groupNames.add(name)) {
                    faults.add(at(node, "groupname: \"" + name + "\" is repeated in the same file"));
                }
                Duration interval = duration(fields.get("interval"), name);
                Duration offset = duration(fields.get("query_offset"), name);
                int limit = limit(fields.get("limit"));
                Map<String, String> labels = labels(fields.get("labels"), name);
                List<Rule> rules = new ArrayList<>();
                Entry list = fields.get("rules");
                int number = 0;
                for (YamlNode rule : list == null ? List.<YamlNode>of() : YamlFields.sequence(list.value())) {
                    rules(
                            new RuleReader(
                                    queries, names, ignoresUnknownFields, new RuleReader.Place(file, name, ++number)),
                            rule,
                            labels,
                            rules);
                }
                boolean standard = interval == null || interval.isZero();
                groups.add(new RuleGroup(file, name, standard ? null : interval, offset, limit, rules));
            } catch (Mismatch e) {
                faults.add(at(e.node(), e.text()));
            }
        }

        private void rules(RuleReader reader, YamlNode node, Map<String, String> labels, List<Rule> rules) {
            Rule rule = reader.read(node, labels);
            faults.addAll(reader.faults());
            if (rule != null) {
                rules.add(rule);
            }
        }

        private @Nullable Duration duration(@Nullable Entry field, String group) throws Mismatch {
            if (field == null || YamlFields.isNull(field.value())) {
                return null;
            }
            try {
                return Durations.parse(YamlFields.scalar(field.value()));
            } catch (IllegalArgumentException e) {
                faults.add(groupFault(field.value(), group, String.valueOf(e.getMessage())));
                return null;
            }
        }

        private RuleFault groupFault(YamlNode node, String group, String message) {
            return new RuleFault(file, node.line(), node.column(), group, 0, "", message);
        }

        private int limit(@Nullable Entry field) throws Mismatch {
            if (field == null || YamlFields.isNull(field.value())) {
                return 0;
            }
            String text = YamlFields.scalar(field.value());
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new Mismatch(field.value(), "limit: expected a whole number, found \"" + text + "\"");
            }
        }

        private Map<String, String> labels(@Nullable Entry field, String group) throws Mismatch {
            if (field == null) {
                return Map.of();
            }
            Map<String, String> labels = new TreeMap<>();
            for (Map.Entry<String, Entry> label :
                    YamlFields.mapping(field.value()).entrySet()) {
                if (!RuleReader.isLabel(names, label.getKey())) {
                    Entry entry = label.getValue();
                    String message = "invalid label name: " + label.getKey();
                    faults.add(new RuleFault(file, entry.line(), entry.column(), group, 0, "", message));
                }
                labels.put(label.getKey(), YamlFields.scalar(label.getValue().value()));
            }
            return labels;
        }
    }
}
