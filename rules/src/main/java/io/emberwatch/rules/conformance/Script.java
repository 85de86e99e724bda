package io.emberwatch.rules.conformance;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.conformance.Expected.Outcome;
import io.emberwatch.rules.query.SeriesNotation;
import io.emberwatch.rules.query.SyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Reads scripts in the promqltest format.
 *
 * <p>Prometheus repository, promql/promqltest/README.md; the older forms {@code eval_fail}, {@code eval_warn}, {@code
 * eval_info}, {@code eval_ordered} and {@code expected_fail_message} are read too.
 */
final class Script {
    private static final java.util.regex.Pattern LOAD = java.util.regex.Pattern.compile("load(_with_nhcb)?\\s+(\\S+)");
    private static final java.util.regex.Pattern INSTANT = java.util.regex.Pattern.compile(
            "eval(?:_(fail|warn|ordered|info))?\\s+instant\\s+(?:at\\s+(\\S+)\\s+)?(.+)");
    private static final java.util.regex.Pattern RANGE = java.util.regex.Pattern.compile(
            "eval(?:_(fail|warn|info))?\\s+range\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)\\s+(.+)");
    private static final java.util.regex.Pattern EXPECT = java.util.regex.Pattern.compile(
            "expect\\s+(ordered|fail|warn|no_warn|info|no_info)(?:\\s+(regex|msg):(.+))?");
    private static final java.util.regex.Pattern EXPECT_MATRIX =
            java.util.regex.Pattern.compile("expect range vector\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)");
    private static final java.util.regex.Pattern NUMBER = java.util.regex.Pattern.compile(
            "[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|nan)",
            java.util.regex.Pattern.CASE_INSENSITIVE);
    private static final String EXPECT_STRING = "expect string ";
    private static final String START_TIMESTAMP = "@st";

    private final List<String> lines;
    private final List<Command> commands = new ArrayList<>();
    private int next;

    private Script(List<String> lines) {
        this.lines = lines;
    }

    /** The commands of a script in their order; what cannot be read is among them and keeps nothing else from being run. */
    static List<Command> parse(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String trimmed = line.strip();
            lines.add(trimmed.startsWith("#") ? "" : trimmed);
        }
        Script script = new Script(lines);
        script.read();
        return script.commands;
    }

    private void read() {
        while (next < lines.size()) {
            String line = lines.get(next);
            if (line.isEmpty()) {
                next++;
                continue;
            }
            try {
                commands.add(command(line));
            } catch (ScriptException e) {
                unreadable(e);
                while (nextLine() != null) {
                    next++;
                }
            }
        }
    }

    private void unreadable(ScriptException fault) {
        commands.add(new Command.Unreadable(fault.line(), String.valueOf(fault.getMessage())));
    }

    private Command command(String line) throws ScriptException {
        String word = line.split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
        if (word.equals("clear")) {
            return new Command.Clear(++next);
        }
        if (word.startsWith("load")) {
            return load(line);
        }
        if (word.startsWith("eval")) {
            return eval(line);
        }
        throw new ScriptException(next + 1, "invalid command \"" + line + "\"");
    }

    private @Nullable String nextLine() {
        return next < lines.size() && !lines.get(next).isEmpty() ? lines.get(next) : null;
    }

    private Command load(String line) throws ScriptException {
        int number = ++next;
        Matcher parts = LOAD.matcher(line);
        if (!parts.matches()) {
            throw new ScriptException(number, "invalid load command, must be load[_with_nhcb] <step>");
        }
        List<SeriesNotation.Row> rows = new ArrayList<>();
        Map<String, String> unsupported = new LinkedHashMap<>();
        boolean timestampsForAll = false;
        for (String series = nextLine(); series != null; series = nextLine()) {
            next++;
            String metric = SeriesNotation.metric(series);
            String values = series.substring(metric.length());
            if (values.startsWith(START_TIMESTAMP)) {
                if (metric.isEmpty()) {
                    timestampsForAll = true;
                } else {
                    unsupported.put(metric, "start timestamps");
                }
                continue;
            }
            try {
                SeriesNotation.Row row = row(series);
                rows.add(row);
                if (timestampsForAll) {
                    unsupported.put(SeriesNotation.print(row.labels()), "start timestamps");
                }
            } catch (ScriptException e) {
                unreadable(e);
                if (isMetric(metric)) {
                    unsupported.put(metric, "values that cannot be read");
                }
            }
        }
        long step = duration(parts.group(2), number);
        if (step <= 0) {
            throw new ScriptException(number, "the step must be positive");
        }
        return new Command.Load(number, step, parts.group(1) != null, rows, unsupported);
    }

    private static boolean isMetric(String text) {
        try {
            return !SeriesNotation.parseLabels(text).isEmpty();
        } catch (SyntaxException e) {
            return false;
        }
    }

    /** The series of the line before {@link #next}. */
    private SeriesNotation.Row row(String series) throws ScriptException {
        try {
            return SeriesNotation.parse(series);
        } catch (SyntaxException e) {
            throw new ScriptException(next, String.valueOf(e.getMessage()));
        }
    }

    private static long duration(String text, int line) throws ScriptException {
        boolean negative = text.startsWith("-");
        try {
            long millis = Durations.parse(negative ? text.substring(1) : text).toMillis();
            return negative ? -millis : millis;
        } catch (IllegalArgumentException e) {
            throw new ScriptException(line, String.valueOf(e.getMessage()));
        }
    }

    private Command eval(String line) throws ScriptException {
        int number = ++next;
        Expected expected = new Expected();
        Matcher parts = INSTANT.matcher(line);
        Times times;
        String expression;
        if (parts.matches()) {
            times = Times.instant(parts.group(2) == null ? 0 : duration(parts.group(2), number));
            expression = parts.group(3);
        } else {
            parts = RANGE.matcher(line);
            if (!parts.matches()) {
                throw new ScriptException(
                        number,
                        "invalid evaluation, must be eval instant at <time> <query>"
                                + " or eval range from <time> to <time> step <step> <query>");
            }
            times = times(parts, 2, number);
            expression = parts.group(5);
        }
        if (parts.group(1) != null) {
            expected.expect(Outcome.valueOf(parts.group(1).toUpperCase(Locale.ROOT)), Expected.Text.ANY);
        }
        boolean more = true;
        while (more && nextLine() != null) {
            more = expectation(lines.get(next++), expected);
        }
        return new Command.Eval(number, expression, times, expected);
    }

    private static Times times(Matcher parts, int group, int line) throws ScriptException {
        long start = duration(parts.group(group), line);
        long end = duration(parts.group(group + 1), line);
        if (end < start) {
            throw new ScriptException(line, "end timestamp is before start timestamp");
        }
        long step = duration(parts.group(group + 2), line);
        if (step <= 0) {
            throw new ScriptException(line, "the step must be positive");
        }
        return new Times(true, start, end, step);
    }

    /** Reads one line of what is expected; tells whether more may follow. */
    private boolean expectation(String line, Expected expected) throws ScriptException {
        if (line.startsWith("expected_fail_message")) {
            String message = line.substring("expected_fail_message".length()).strip();
            expected.expect(Outcome.FAIL, new Expected.Text(message, null));
            return false;
        }
        if (line.startsWith("expected_fail_regexp")) {
            String regex = line.substring("expected_fail_regexp".length()).strip();
            expected.expect(Outcome.FAIL, new Expected.Text(null, pattern(regex)));
            return false;
        }
        if (line.startsWith(EXPECT_STRING)) {
            expected.expect(string(line.substring(EXPECT_STRING.length())));
            return true;
        }
        Matcher matrix = EXPECT_MATRIX.matcher(line);
        if (matrix.matches()) {
            expected.expectMatrix(times(matrix, 1, next));
            return true;
        }
        if (line.equals("expect") || line.startsWith("expect ")) {
            outcome(line, expected);
            return true;
        }
        if (NUMBER.matcher(line).matches()) {
            expected.expect(number(line));
            return false;
        }
        expected.expect(row(line));
        return true;
    }

    private void outcome(String line, Expected expected) throws ScriptException {
        Matcher parts = EXPECT.matcher(line);
        if (!parts.matches()) {
            throw new ScriptException(next, "invalid expect statement \"" + line + "\"");
        }
        Outcome outcome = Outcome.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
        Expected.Text text = Expected.Text.ANY;
        if (parts.group(2) != null) {
            String message = parts.group(3).strip();
            text = parts.group(2).equals("msg")
                    ? new Expected.Text(message, null)
                    : new Expected.Text(null, pattern(message));
        }
        expected.expect(outcome, text);
    }

    private Pattern pattern(String regex) throws ScriptException {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ScriptException(next, "invalid regexp '" + regex + "': " + e.getMessage());
        }
    }

    private String string(String quoted) throws ScriptException {
        try {
            return SeriesNotation.parseString(quoted.strip());
        } catch (SyntaxException e) {
            throw new ScriptException(next, "expected string literal not valid - check that it is correctly quoted");
        }
    }

    private static double number(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.endsWith("nan")) {
            return Double.NaN;
        }
        if (lower.endsWith("inf")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.parseDouble(text);
    }
}
