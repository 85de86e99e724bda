package io.emberwatch.rules.relabel;

import io.emberwatch.rules.relabel.RelabelRule.Action;
import io.emberwatch.rules.settings.MappingReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads lists of relabelling rules. */
final class RelabelParser {
    private static final Pattern TARGET =
            Pattern.compile("(?:[a-zA-Z_]|\\$(?:\\{\\w+}|\\w+))(?:\\w|\\$(?:\\{\\w+}|\\w+))*");
    private static final Set<Action> WITH_TARGET = EnumSet.of(
            Action.REPLACE, Action.HASHMOD, Action.LOWERCASE, Action.UPPERCASE, Action.KEEPEQUAL, Action.DROPEQUAL);
    private static final Set<Action> WITHOUT_REPLACEMENT =
            EnumSet.of(Action.LOWERCASE, Action.UPPERCASE, Action.KEEPEQUAL, Action.DROPEQUAL);

    private RelabelParser() {}

    static List<RelabelRule> parse(MappingReader owner, String key) {
        List<RelabelRule> rules = new ArrayList<>();
        for (MappingReader reader : owner.mappings(key)) {
            RelabelRule rule = rule(reader);
            reader.finish();
            if (rule != null) {
                rules.add(rule);
            }
        }
        return List.copyOf(rules);
    }

    private static @Nullable RelabelRule rule(MappingReader reader) {
        Action action = action(reader);
        Regex regex = regex(reader);
        if (action == null || regex == null) {
            return null;
        }
        RelabelRule rule = new RelabelRule(
                action,
                reader.texts("source_labels"),
                reader.text("separator", RelabelRule.DEFAULT_SEPARATOR),
                regex,
                modulus(reader),
                reader.text("target_label", ""),
                reader.text("replacement", RelabelRule.DEFAULT_REPLACEMENT));
        int faults = reader.problemCount();
        check(reader, rule);
        // Targets are made of what is left, to find all other faults too.
        return reader.problemCount() > faults ? null : rule;
    }

    private static @Nullable Action action(MappingReader reader) {
        String text = reader.text("action", "replace").toLowerCase(Locale.ROOT);
        for (Action action : Action.values()) {
            if (action.text().equals(text)) {
                return action;
            }
        }
        reader.problem("action", text + ": unknown relabel action");
        return null;
    }

    private static @Nullable Regex regex(MappingReader reader) {
        try {
            return new Regex(reader.text("regex", RelabelRule.DEFAULT_REGEX));
        } catch (IllegalArgumentException e) {
            reader.problem("regex", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static long modulus(MappingReader reader) {
        String text = reader.text("modulus", "0");
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            reader.problem("modulus", text + ": expected a whole number");
            return 0;
        }
    }

    private static void check(MappingReader reader, RelabelRule rule) {
        Action action = rule.action();
        String target = rule.targetLabel();
        if (action == Action.HASHMOD && rule.modulus() == 0) {
            reader.problem("modulus", "hashmod requires a modulus other than zero");
        }
        if (WITH_TARGET.contains(action)) {
            if (target.isEmpty()) {
                reader.problem("relabel configuration for " + action.text() + " action requires 'target_label' value");
            } else if (!isTarget(action, target)) {
                reader.problem(
                        "target_label",
                        "\"" + target + "\" is invalid 'target_label' for " + action.text() + " action");
            }
        }
        if (WITHOUT_REPLACEMENT.contains(action) && !rule.replacement().equals(RelabelRule.DEFAULT_REPLACEMENT)) {
            reader.problem("replacement", "'replacement' can not be set for " + action.text() + " action");
        }
        if (action == Action.LABELMAP && !TARGET.matcher(rule.replacement()).matches()) {
            reader.problem(
                    "replacement", "\"" + rule.replacement() + "\" is invalid 'replacement' for labelmap action");
        }
        if ((action == Action.KEEPEQUAL || action == Action.DROPEQUAL)
                && (reader.has("regex") || reader.has("modulus") || reader.has("separator"))) {
            reader.problem(
                    action.text() + " action requires only 'source_labels' and 'target_label', and no other fields");
        }
        boolean byName = action == Action.LABELDROP || action == Action.LABELKEEP;
        if (byName
                && List.of("source_labels", "target_label", "modulus", "separator", "replacement").stream()
                        .anyMatch(reader::has)) {
            reader.problem(action.text() + " action requires only 'regex', and no other fields");
        }
    }

    private static boolean isTarget(Action action, String target) {
        boolean template = action == Action.REPLACE && target.contains("$");
        return template ? TARGET.matcher(target).matches() : isLabelName(target);
    }

    // Any text that is not empty is a label name since names may be UTF-8; control characters are surely a mistake.
    private static boolean isLabelName(String name) {
        return !name.isEmpty() && name.chars().noneMatch(Character::isISOControl);
    }
}
