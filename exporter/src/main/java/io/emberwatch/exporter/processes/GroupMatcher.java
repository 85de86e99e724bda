package io.emberwatch.exporter.processes;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.exporter.processes.ProcessesConfig.GroupConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says which group a process belongs to. */
final class GroupMatcher {
    private final List<Rule> rules = new ArrayList<>();

    GroupMatcher(List<GroupConfig> groups) {
        groups.forEach(group -> rules.add(new Rule(
                group,
                NameTemplate.parse(group.name()),
                group.cmdline() == null ? List.of() : compile(group.cmdline()))));
    }

    static List<Pattern> compile(List<String> patterns) {
        try {
            return patterns.stream().map(Pattern::compile).toList();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("cmdline: " + e.getMessage(), e);
        }
    }

    private record Rule(GroupConfig config, NameTemplate name, List<Pattern> patterns) {}

    /** The name of its group, or null when it belongs to none. */
    @Nullable
    String groupOf(ProcessIdentity process) {
        for (Rule rule : rules) {
            Map<String, String> matches = matches(rule, process);
            if (matches != null) {
                return rule.name.render(field -> process.field(field, matches));
            }
        }
        return null;
    }

    /** Whether any name holds {@code field}. */
    boolean needs(String field) {
        return rules.stream().anyMatch(rule -> rule.name.needs(field));
    }

    private static @Nullable Map<String, String> matches(Rule rule, ProcessIdentity process) {
        GroupConfig config = rule.config;
        if (config.comm() != null && !config.comm().contains(process.comm())) {
            return null;
        }
        if (config.exe() != null && !isExe(config.exe(), process)) {
            return null;
        }
        Map<String, String> matches = new HashMap<>();
        String cmdline = String.join(" ", process.cmdline());
        for (Pattern pattern : rule.patterns) {
            Matcher matcher = pattern.matcher(cmdline);
            if (!matcher.find()) {
                return null;
            }
            for (Map.Entry<String, Integer> group : new TreeMap<>(pattern.namedGroups()).entrySet()) {
                String value = matcher.group(group.getValue());
                matches.put(group.getKey(), value == null ? "" : value);
            }
        }
        return matches;
    }

    private static boolean isExe(List<String> programs, ProcessIdentity process) {
        if (process.cmdline().isEmpty()) {
            return false;
        }
        for (String program : programs) {
            if (program.contains("/") ? program.equals(process.exeFull()) : program.equals(process.exeBase())) {
                return true;
            }
        }
        return false;
    }
}
