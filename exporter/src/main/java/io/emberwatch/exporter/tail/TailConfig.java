package io.emberwatch.exporter.tail;

import io.emberwatch.exporter.tail.pattern.LinePattern;
import io.emberwatch.exporter.tail.rule.RecordFormat;
import io.emberwatch.exporter.tail.rule.RuleConfig;
import io.emberwatch.exporter.tail.rule.RuleSet;
import io.emberwatch.exporter.tail.rule.TimestampConfig;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.nio.file.FileSystems;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Logs of one kind and what is made of them.
 *
 * @param name the value of the label {@code tail}, and the name of the file that remembers offsets and values
 * @param paths files or globs ({@code *}, {@code ?}, {@code [a-z]}, {@code {a,b}}; {@code **} over folders); compressed
 *     files are passed over
 * @param from where a file is begun that was there before the first start; all others are read from their beginning
 * @param format how records hold their fields
 * @param multiline how several lines are one record; without it each line is
 * @param maxLine longer lines are skipped and counted; also what a record of several lines may hold; at most 16 MiB
 * @param timestamp where records hold their time; without it samples have none
 * @param labels labels of every series
 * @param maxSeries how many series the rules may make together
 * @param maxFiles how many files are followed at a time
 * @param poll how often files are looked at, at least 10ms
 * @param save how often offsets and values are made durable while lines come; a scrape does so as well
 * @param rotatedWait how long a file that was renamed or deleted is still read after its last line
 */
public record TailConfig(
        String name,
        List<String> paths,
        @Default("end") Start from,
        @Default("text") RecordFormat format,
        @Nullable MultilineConfig multiline,
        @Default("64KiB") ByteSize maxLine,
        @Nullable TimestampConfig timestamp,
        @Default("{}") Map<String, String> labels,
        List<RuleConfig> rules,
        @Default("10000") int maxSeries,
        @Default("1000") int maxFiles,
        @Default("250ms") Duration poll,
        @Default("1s") Duration save,
        @Default("1m") Duration rotatedWait) {
    private static final long LARGEST_LINE = 16 << 20;

    /** Where a file is begun. */
    public enum Start {
        BEGINNING,
        END
    }

    /**
     * Records of several lines.
     *
     * @param start what the first line of a record holds, a regular expression
     * @param timeout after this time without another line a record is complete
     * @param maxLines a record that is longer is cut there
     */
    public record MultilineConfig(
            String start,
            @Default("5s") Duration timeout,
            @Default("500") int maxLines) {
        public MultilineConfig {
            try {
                LinePattern.compile(start);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("start: " + e.getMessage(), e);
            }
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("timeout: must be longer than nothing");
            }
            if (maxLines < 1) {
                throw new IllegalArgumentException("max_lines: must be at least 1");
            }
        }
    }

    public TailConfig {
        if (!name.matches("[A-Za-z0-9_.-]{1,100}") || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "name: " + name + " is not made of letters, digits, underscores, dots and dashes");
        }
        paths = List.copyOf(paths);
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("paths: must name a file at least");
        }
        for (String path : paths) {
            requireGlob(path);
        }
        if (maxLine.bytes() < 1 || maxLine.bytes() > LARGEST_LINE) {
            throw new IllegalArgumentException("max_line: must be from 1 byte to 16MiB");
        }
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("rules: must be one at least");
        }
        if (maxSeries < 1 || maxSeries > 1_000_000) {
            throw new IllegalArgumentException("max_series: must be from 1 to 1000000");
        }
        if (maxFiles < 1 || maxFiles > 100_000) {
            throw new IllegalArgumentException("max_files: must be from 1 to 100000");
        }
        if (poll.toMillis() < 10) {
            throw new IllegalArgumentException("poll: must be at least 10ms");
        }
        if (save.isNegative() || rotatedWait.isNegative()) {
            throw new IllegalArgumentException("save and rotated_wait must not be negative");
        }
        new RuleSet(format, rules, timestamp, labels, maxSeries, loss -> {}); // judges the rules together
    }

    private static void requireGlob(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("paths: " + path + " does not begin with a slash");
        }
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + path);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("paths: " + path + ": " + e.getDescription(), e);
        }
    }
}
