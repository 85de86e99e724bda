package io.emberwatch.exporter.tail.pattern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LinePatternTest {
    private static final String ACCESS =
            "^(?P<ip>\\S+) \\S+ \\S+ \\[(?P<time>[^\\]]+)\\] \"(?P<method>[A-Z]+) (?P<path>[^ \"]*)"
                    + "[^\"]*\" (?P<status>\\d{3}) (?P<bytes>\\d+|-)";

    @Test
    void findsNamedGroups() {
        LinePattern pattern = LinePattern.compile(ACCESS);
        byte[] line = "10.0.0.1 - - [21/Nov/2026:08:00:00 +0000] \"GET /a?b=ü HTTP/1.1\" 200 5120 \"-\" \"curl\""
                .getBytes(UTF_8);
        int[] places = new int[pattern.slots()];

        assertThat(pattern.isUnderstood()).isTrue();
        assertThat(pattern.find(line, 0, line.length, places)).isTrue();
        assertThat(group(line, places, pattern.groups().get("path"))).isEqualTo("/a?b=ü");
        assertThat(group(line, places, pattern.groups().get("bytes"))).isEqualTo("5120");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ACCESS,
                "ERROR",
                "status=(?P<status>\\d+)",
                "user (\\w+) logged (in|out)",
                "took (?P<ms>[0-9.]+)ms",
                "level=(?:warn|error)\\b?",
                "^$",
                "",
                "a*?b",
                "x{2,4}y",
                "(a|b)*c",
                "[^ü]",
                "é+",
                "(?i)error",
                "(?<name>.+)=(?<value>.*)$"
            })
    void agreesWithRe2(String text) {
        Random random = new Random(1);
        List<String> words = List.of(
                "ERROR",
                "status=",
                "200",
                "user ",
                "ann",
                " logged ",
                "in",
                "out",
                "took ",
                "1.5",
                "ms",
                "x",
                "xx",
                "y",
                "a",
                "b",
                "c",
                "level=",
                "warn",
                "ü",
                "é",
                "€",
                "𝄞",
                "\"",
                " ",
                "[",
                "]",
                "=",
                "-",
                "GET",
                "\n");
        for (int i = 0; i < 500; i++) {
            StringBuilder line = new StringBuilder();
            for (int k = random.nextInt(12); k > 0; k--) {
                line.append(words.get(random.nextInt(words.size())));
            }
            compare(text, line.toString());
        }
    }

    @Test
    void agreesWithRe2OnRandomExpressions() {
        Random random = new Random(7);
        int onePass = 0;
        for (int i = 0; i < 20_000; i++) {
            // Not within: RE2/J 1.8 reports groups of ways that an inner $ ended, ((\\S$)?) in "b " for one.
            String text = (random.nextBoolean() ? "^" : "") + expression(random, 3) + (random.nextBoolean() ? "$" : "");
            Expression expression = new Expression(text);
            onePass += expression.ours.isOnePass() ? 1 : 0;
            for (int k = 0; k < 5; k++) {
                StringBuilder line = new StringBuilder();
                for (int n = random.nextInt(8); n > 0; n--) {
                    line.append("abcé \"".charAt(random.nextInt(6)));
                }
                compare(expression, line.toString());
            }
        }
        assertThat(onePass).as("expressions that need no fallback").isGreaterThan(2_000);
    }

    @Test
    void aLineMadeToBeginManyMatchesCostsNoMoreThanAFewLooksAtEachByte() {
        LinePattern pattern = LinePattern.compile("a[^b]*b");
        byte[] line = "a".repeat(1 << 20).getBytes(UTF_8);

        assertThat(pattern.isOnePass()).isTrue();
        assertThat(pattern.find(line, 0, line.length, new int[pattern.slots()])).isFalse();
    }

    @Test
    void refusesWhatIsNoExpression() {
        assertThatThrownBy(() -> LinePattern.compile("(a")).hasMessageStartingWith("(a: is not a regular expression: ");
        assertThatThrownBy(() -> LinePattern.compile("a(?=b)")).isInstanceOf(IllegalArgumentException.class);
    }

    private static String expression(Random random, int depth) {
        if (depth == 0) {
            return List.of("a", "b", "c", "é", ".", "[ab]", "[^a]", "\\w", "\\S", "\\d", "\"", " ")
                    .get(random.nextInt(12));
        }
        String inner = expression(random, depth - 1);
        return switch (random.nextInt(9)) {
            case 0 -> "(" + inner + ")";
            case 1 -> "(?:" + inner + ")*";
            case 2 -> "(?:" + inner + ")+?";
            case 3 -> "(" + inner + ")?";
            case 4 -> "(?:" + inner + "|" + expression(random, depth - 1) + ")";
            case 5 -> "(" + inner + "){1,2}";
            default -> inner + expression(random, depth - 1);
        };
    }

    private static void compare(String text, String line) {
        compare(new Expression(text), line);
    }

    /** One expression as all three understand it. */
    private static final class Expression {
        private final String text;
        private final LinePattern ours;
        private final Pattern re2;
        private java.util.regex.@Nullable Pattern jdk;

        Expression(String text) {
            this.text = text;
            ours = LinePattern.compile(text);
            re2 = Pattern.compile(text.replace("(?<", "(?P<"));
        }

        java.util.regex.Pattern jdk() {
            if (jdk == null) {
                jdk = java.util.regex.Pattern.compile(
                        text.replace("(?P<", "(?<").replaceAll("\\$$", "\\\\z"));
            }
            return jdk;
        }
    }

    private static void compare(Expression expression, String line) {
        byte[] bytes = ("##" + line + "##").getBytes(UTF_8);
        int from = 2;
        int to = bytes.length - 2;
        LinePattern pattern = expression.ours;
        int[] places = new int[pattern.slots()];
        List<String> ours = new ArrayList<>();
        if (pattern.find(bytes, from, to, places)) {
            for (int i = 0; i < places.length; i += 2) {
                ours.add(places[i] < 0 ? "none" : new String(bytes, places[i], places[i + 1] - places[i], UTF_8));
            }
            ours.add("at " + new String(bytes, from, places[0] - from, UTF_8).length());
        }
        // RE2/J 1.8 finds things that are not there when repetitions nest, so the JDK is asked as well.
        if (!ours.equals(re2(expression, line))) {
            assertThat(ours).as("%s in %s", expression.text, line).isIn(re2(expression, line), jdk(expression, line));
        }
    }

    private static List<String> re2(Expression expression, String line) {
        List<String> places = new ArrayList<>();
        Matcher matcher = expression.re2.matcher(line);
        if (matcher.find()) {
            for (int i = 0; i <= matcher.groupCount(); i++) {
                places.add(matcher.start(i) < 0 ? "none" : line.substring(matcher.start(i), matcher.end(i)));
            }
            places.add("at " + matcher.start());
        }
        return places;
    }

    private static List<String> jdk(Expression expression, String line) {
        List<String> places = new ArrayList<>();
        java.util.regex.Matcher matcher = expression.jdk().matcher(line);
        if (matcher.find()) {
            for (int i = 0; i <= matcher.groupCount(); i++) {
                places.add(matcher.start(i) < 0 ? "none" : matcher.group(i));
            }
            places.add("at " + matcher.start());
        }
        return places;
    }

    private static String group(byte[] line, int[] places, int group) {
        return new String(line, places[2 * group], places[2 * group + 1] - places[2 * group], UTF_8);
    }
}
