package io.emberwatch.rules.relabel;

import com.google.re2j.Matcher;
import io.emberwatch.model.Labels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One step of relabelling, with the semantics of Prometheus' {@code relabel_config}.
 *
 * @param sourceLabels whose values are joined by the separator and then matched
 * @param modulus of {@code hashmod}
 * @param targetLabel where the result goes; may refer to groups for {@code replace}
 */
record RelabelRule(
        Action action,
        List<String> sourceLabels,
        String separator,
        Regex regex,
        long modulus,
        String targetLabel,
        String replacement) {
    static final String DEFAULT_SEPARATOR = ";";
    static final String DEFAULT_REGEX = "(.*)";
    static final String DEFAULT_REPLACEMENT = "$1";

    /** What a rule does with the labels. */
    enum Action {
        REPLACE,
        KEEP,
        DROP,
        KEEPEQUAL,
        DROPEQUAL,
        HASHMOD,
        LABELMAP,
        LABELDROP,
        LABELKEEP,
        LOWERCASE,
        UPPERCASE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    RelabelRule {
        sourceLabels = List.copyOf(sourceLabels);
    }

    /** The labels after all rules in their order, or null when one of them drops the lot. */
    static @Nullable Labels apply(List<RelabelRule> rules, Labels labels) {
        Labels current = labels;
        for (RelabelRule rule : rules) {
            Labels next = rule.apply(current);
            if (next == null) {
                return null;
            }
            current = next;
        }
        return current;
    }

    private @Nullable Labels apply(Labels labels) {
        String source = source(labels);
        return switch (action) {
            case KEEP -> regex.matches(source) ? labels : null;
            case DROP -> regex.matches(source) ? null : labels;
            case KEEPEQUAL -> labels.get(targetLabel).equals(source) ? labels : null;
            case DROPEQUAL -> labels.get(targetLabel).equals(source) ? null : labels;
            case REPLACE -> replace(labels, source);
            case LOWERCASE -> labels.with(targetLabel, source.toLowerCase(Locale.ROOT));
            case UPPERCASE -> labels.with(targetLabel, source.toUpperCase(Locale.ROOT));
            case HASHMOD -> labels.with(targetLabel, Long.toUnsignedString(hash(source)));
            case LABELMAP -> map(labels);
            case LABELDROP, LABELKEEP -> filter(labels);
        };
    }

    private String source(Labels labels) {
        if (sourceLabels.size() == 1) {
            return labels.get(sourceLabels.get(0));
        }
        StringBuilder joined = new StringBuilder();
        String between = "";
        for (String name : sourceLabels) {
            joined.append(between).append(labels.get(name));
            between = separator;
        }
        return joined.toString();
    }

    private Labels replace(Labels labels, String source) {
        Matcher match = regex.match(source);
        if (match == null) {
            return labels;
        }
        String target = Regex.expand(targetLabel, match);
        return target.isEmpty() ? labels : labels.with(target, Regex.expand(replacement, match));
    }

    // The last eight bytes of the MD5 of the source, as an unsigned number: Prometheus' choice, so that shards agree.
    private long hash(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(source.getBytes(StandardCharsets.UTF_8));
            long number = 0;
            for (int i = 8; i < 16; i++) {
                number = (number << 8) | (digest[i] & 0xff);
            }
            return Long.remainderUnsigned(number, modulus);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Labels map(Labels labels) {
        Labels.Builder mapped = labels.toBuilder();
        for (int i = 0; i < labels.size(); i++) {
            Matcher match = regex.match(labels.name(i));
            String name = match == null ? "" : Regex.expand(replacement, match);
            if (!name.isEmpty()) {
                mapped.set(name, labels.value(i));
            }
        }
        return mapped.build();
    }

    private Labels filter(Labels labels) {
        Labels.Builder kept = labels.toBuilder();
        for (int i = 0; i < labels.size(); i++) {
            if (regex.matches(labels.name(i)) == (action == Action.LABELDROP)) {
                kept.remove(labels.name(i));
            }
        }
        return kept.build();
    }
}
