package io.emberwatch.exporter.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's version.
 *
 * @param number as {@code server_version_num} has it: 150003 for 15.3, 90624 for 9.6.24
 */
record ServerVersion(int number) {
    private static final int TWO_PARTS_SINCE = 100_000;

    /** Major and minor number, as people write it. */
    String shortText() {
        return number >= TWO_PARTS_SINCE
                ? number / 10_000 + "." + number % 10_000 + ".0"
                : number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
    }

    private long comparable() {
        return number >= TWO_PARTS_SINCE
                ? number / 10_000 * 1_000_000L + number % 10_000 * 1000L
                : number / 10_000 * 1_000_000L + number / 100 % 100 * 1000L + number % 100;
    }

    /** Versions that fulfil every condition of one of several sets of conditions. */
    record Range(List<List<Condition>> alternatives) {
        private static final Pattern CONDITION =
                Pattern.compile("(>=|<=|>|<|=|==|!=|)(\\d{1,4})(?:\\.(\\d{1,3}))?(?:\\.(\\d{1,3}))?");

        /**
         * Reads conditions such as {@code >=9.6.0 <10.0.0 || >12.0.0}.
         *
         * @throws IllegalArgumentException with what cannot be read
         */
        static Range parse(String text) {
            List<List<Condition>> alternatives = new ArrayList<>();
            for (String alternative : text.split("\\|\\|", -1)) {
                List<Condition> conditions = new ArrayList<>();
                for (String word : alternative.trim().split("\\s+", -1)) {
                    Matcher condition = CONDITION.matcher(word);
                    if (!condition.matches()) {
                        throw new IllegalArgumentException(word + ": expected a version such as >=10.0.0");
                    }
                    conditions.add(new Condition(
                            condition.group(1),
                            part(condition.group(2)) * 1_000_000
                                    + part(condition.group(3)) * 1000
                                    + part(condition.group(4))));
                }
                alternatives.add(conditions);
            }
            return new Range(alternatives);
        }

        private static long part(@org.jspecify.annotations.Nullable String digits) {
            return digits == null ? 0 : Long.parseLong(digits);
        }

        boolean contains(ServerVersion version) {
            return alternatives.stream()
                    .anyMatch(conditions ->
                            conditions.stream().allMatch(condition -> condition.holds(version.comparable())));
        }
    }

    private record Condition(String operator, long bound) {
        boolean holds(long version) {
            return switch (operator) {
                case ">=" -> version >= bound;
                case "<=" -> version <= bound;
                case ">" -> version > bound;
                case "<" -> version < bound;
                case "!=" -> version != bound;
                default -> version == bound;
            };
        }
    }
}
