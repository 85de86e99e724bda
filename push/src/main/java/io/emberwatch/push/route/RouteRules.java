package io.emberwatch.push.route;

import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.LineScanner;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All filters of all outputs, compiled. Immutable. */
public final class RouteRules {
    /** Filters with conditions on tags that fit: one bit each. */
    static final int MAX_TAGGED = Long.SIZE;

    private final Map<Destination, List<Rule>> rules = new EnumMap<>(Destination.class);
    private final List<TaggedRule> tagged = new ArrayList<>();

    /**
     * @param filters per output; an output that is absent gets nothing, one without filters gets everything
     * @throws IllegalArgumentException when more than 64 filters look at tags
     */
    public RouteRules(Map<Destination, List<FilterConfig>> filters) {
        filters.forEach((destination, configs) -> {
            List<Rule> compiled = new ArrayList<>();
            configs.forEach(config -> compiled.add(compile(config)));
            if (configs.isEmpty()) {
                compiled.add(new Rule(List.of(), List.of(), 0));
            }
            rules.put(destination, compiled);
        });
    }

    private Rule compile(FilterConfig config) {
        long bit = 0;
        if (!config.tags().isEmpty()) {
            if (tagged.size() == MAX_TAGGED) {
                throw new IllegalArgumentException("more than " + MAX_TAGGED + " filters with conditions on tags");
            }
            bit = 1L << tagged.size();
            List<TagPattern> patterns = new ArrayList<>();
            config.tags().forEach((key, pattern) -> patterns.add(new TagPattern(key, TextPattern.parse(pattern))));
            tagged.add(new TaggedRule(bit, patterns));
        }
        String measurement = config.measurement();
        return new Rule(
                measurement == null ? List.of() : List.of(TextPattern.parse(measurement)),
                config.fields().stream().map(TextPattern::parse).toList(),
                bit);
    }

    /** Whether a field goes there for every line, whatever its tags. */
    public boolean always(Destination destination, String measurement, String field) {
        return rules.getOrDefault(destination, List.of()).stream()
                .anyMatch(rule -> rule.tagBit() == 0 && rule.passes(measurement, field));
    }

    /** The filters with conditions on tags that would let a field go there: a bit each. */
    long tagged(Destination destination, String measurement, String field) {
        long bits = 0;
        for (Rule rule : rules.getOrDefault(destination, List.of())) {
            if (rule.tagBit() != 0 && rule.passes(measurement, field)) {
                bits |= rule.tagBit();
            }
        }
        return bits;
    }

    /** The filters whose conditions on tags hold for the line that the scanner stands on: a bit each. */
    long matchingTags(LineScanner line) {
        long bits = 0;
        for (TaggedRule rule : tagged) {
            if (rule.matches(line)) {
                bits |= rule.bit();
            }
        }
        return bits;
    }

    boolean looksAtTags() {
        return !tagged.isEmpty();
    }

    private record Rule(List<TextPattern> measurement, List<TextPattern> fields, long tagBit) {
        boolean passes(String measurementName, String field) {
            return measurement.stream().allMatch(pattern -> pattern.matches(measurementName)) && passesField(field);
        }

        private boolean passesField(String field) {
            boolean wanted = true;
            boolean anyPositive = false;
            boolean anyMatch = false;
            for (TextPattern pattern : fields) {
                if (pattern.isNegated()) {
                    wanted &= pattern.matches(field);
                } else {
                    anyPositive = true;
                    anyMatch |= pattern.matches(field);
                }
            }
            return wanted && (anyMatch || !anyPositive);
        }
    }

    private record TaggedRule(long bit, List<TagPattern> patterns) {
        boolean matches(LineScanner line) {
            for (TagPattern pattern : patterns) {
                if (!pattern.value().matches(valueOf(line, pattern.key()))) {
                    return false;
                }
            }
            return true;
        }

        private static String valueOf(LineScanner line, String key) {
            byte[] in = line.input();
            for (int t = 0; t < line.tagCount(); t++) {
                if (LineDecoder.key(in, line.tagKeyStart(t), line.tagKeyEnd(t)).equals(key)) {
                    return LineDecoder.key(in, line.tagValueStart(t), line.tagValueEnd(t));
                }
            }
            return "";
        }
    }

    private record TagPattern(String key, TextPattern value) {}
}
