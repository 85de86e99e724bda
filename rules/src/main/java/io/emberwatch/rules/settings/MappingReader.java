package io.emberwatch.rules.settings;

import io.emberwatch.model.text.Durations;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one mapping of a prometheus.yml and collects what is wrong with them. A key that nobody asked for is
 * a problem of its own ({@link #finish}).
 */
public final class MappingReader {
    private static final Set<String> YES =
            Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y");
    private static final Set<String> NO =
            Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N");

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([KMGTPE]?)i?B");

    private final String file;
    private final String path;
    private final YamlNode.Mapping mapping;
    private final List<Problem> problems;
    private final Set<String> asked = new HashSet<>();

    public MappingReader(String file, String path, YamlNode.Mapping mapping, List<Problem> problems) {
        this.file = file;
        this.path = path;
        this.mapping = mapping;
        this.problems = problems;
    }

    public String path() {
        return path;
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private @Nullable YamlNode value(String key) {
        asked.add(key);
        YamlNode node = mapping.get(key);
        return node instanceof YamlNode.Scalar scalar && scalar.isNull() ? null : node;
    }

    public boolean has(String key) {
        return value(key) != null;
    }

    public Set<String> keys() {
        return mapping.entries().keySet();
    }

    /** Says that the value of a key is wrong. */
    public void problem(String key, String message) {
        YamlNode node = mapping.get(key);
        if (node == null) {
            problem(message);
        } else {
            add(node.line(), node.column(), pathOf(key), message);
        }
    }

    /** Says that the mapping as a whole is wrong. */
    public void problem(String message) {
        add(mapping.line(), mapping.column(), path, message);
    }

    private void add(int line, int column, String where, String message) {
        problems.add(new Problem(file, line, column, where, message));
    }

    /** How many problems the whole file has so far. */
    public int problemCount() {
        return problems.size();
    }

    private void expected(YamlNode node, String where, String what) {
        String found = node instanceof YamlNode.Scalar scalar ? scalar.text() : "this is " + node.kind();
        add(node.line(), node.column(), where, found + ": expected " + what);
    }

    @Nullable
    public String text(String key) {
        YamlNode node = value(key);
        if (node == null) {
            return null;
        }
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar.text();
        }
        expected(node, pathOf(key), "text");
        return null;
    }

    public String text(String key, String fallback) {
        String text = text(key);
        return text == null ? fallback : text;
    }

    public boolean flag(String key, boolean fallback) {
        String text = text(key);
        if (text == null) {
            return fallback;
        }
        if (!YES.contains(text) && !NO.contains(text)) {
            problem(key, text + ": expected true or false");
        }
        return YES.contains(text);
    }

    public Duration duration(String key, Duration fallback) {
        String text = text(key);
        if (text == null) {
            return fallback;
        }
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            problem(key, String.valueOf(e.getMessage()));
            return fallback;
        }
    }

    /** A number that is not negative. */
    public int count(String key, int fallback) {
        String text = text(key);
        if (text == null) {
            return fallback;
        }
        if (!text.matches("[0-9]{1,9}")) {
            problem(key, text + ": expected a whole number from 0 to 999999999");
            return fallback;
        }
        return Integer.parseInt(text);
    }

    /** A number of bytes; units count by 1024 with and without the i, as Prometheus reads them. */
    public long size(String key, long fallback) {
        String text = text(key);
        if (text == null || text.equals("0")) {
            return text == null ? fallback : 0;
        }
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            problem(key, text + ": expected a size such as 10MB or 512KiB");
            return fallback;
        }
        int power = matcher.group(2).isEmpty() ? 0 : "KMGTPE".indexOf(matcher.group(2)) + 1;
        double bytes = Long.parseLong(matcher.group(1)) * Math.pow(1024, power);
        return bytes < (double) Long.MAX_VALUE ? (long) bytes : Long.MAX_VALUE;
    }

    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items(key)) {
            if (item instanceof YamlNode.Scalar scalar) {
                texts.add(scalar.text());
            } else {
                expected(item, pathOf(key), "text");
            }
        }
        return texts;
    }

    /** Texts with a name each. */
    public Map<String, String> namedTexts(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        entries(key).forEach((name, node) -> {
            if (node instanceof YamlNode.Scalar scalar) {
                texts.put(name, scalar.isNull() ? "" : scalar.text());
            } else {
                expected(node, pathOf(key) + "." + name, "text");
            }
        });
        return texts;
    }

    /** Lists of texts with a name each. */
    public Map<String, List<String>> namedLists(String key) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        entries(key).forEach((name, node) -> {
            MappingReader inner = new MappingReader(
                    file,
                    pathOf(key),
                    new YamlNode.Mapping(
                            Map.of(name, new YamlNode.Entry(node.line(), node.column(), node)),
                            node.line(),
                            node.column()),
                    problems);
            lists.put(name, List.copyOf(inner.texts(name)));
        });
        return lists;
    }

    private Map<String, YamlNode> entries(String key) {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        YamlNode node = value(key);
        if (node instanceof YamlNode.Mapping inner) {
            inner.entries().forEach((name, entry) -> entries.put(name, entry.value()));
        } else if (node != null) {
            expected(node, pathOf(key), "a mapping");
        }
        return entries;
    }

    private List<YamlNode> items(String key) {
        YamlNode node = value(key);
        if (node == null) {
            return List.of();
        }
        if (node instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        expected(node, pathOf(key), "a list");
        return List.of();
    }

    @Nullable
    public MappingReader mapping(String key) {
        YamlNode node = value(key);
        if (node instanceof YamlNode.Mapping inner) {
            return new MappingReader(file, pathOf(key), inner, problems);
        }
        if (node != null) {
            expected(node, pathOf(key), "a mapping");
        }
        return null;
    }

    public List<MappingReader> mappings(String key) {
        List<MappingReader> readers = new ArrayList<>();
        List<YamlNode> items = items(key);
        for (int i = 0; i < items.size(); i++) {
            String where = pathOf(key) + "[" + i + "]";
            if (items.get(i) instanceof YamlNode.Mapping inner) {
                readers.add(new MappingReader(file, where, inner, problems));
            } else {
                expected(items.get(i), where, "a mapping");
            }
        }
        return readers;
    }

    /** Takes note of a key that is for another part of the program. */
    public void leave(String key) {
        asked.add(key);
    }

    /** Refuses keys that Prometheus knows and this program does not. */
    public void refuse(List<String> keys) {
        for (String key : keys) {
            YamlNode.Entry entry = mapping.entries().get(key);
            if (entry != null) {
                asked.add(key);
                add(entry.line(), entry.column(), pathOf(key), "is not supported here; remove it");
            }
        }
    }

    /** Refuses every key that nobody asked for. */
    public void finish() {
        mapping.entries().forEach((key, entry) -> {
            if (!asked.contains(key)) {
                boolean discovery = key.endsWith("_sd_configs");
                add(
                        entry.line(),
                        entry.column(),
                        pathOf(key),
                        discovery
                                ? "this kind of service discovery is not supported here; use file_sd_configs or"
                                        + " http_sd_configs"
                                : "unknown key");
            }
        });
    }
}
