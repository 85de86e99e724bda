package io.emberwatch.rules.engine;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * What becomes of alerts beyond what rule files can say. It stands in the configuration, so that rule files stay readable
 * to Prometheus.
 *
 * @param group regular expression (RE2) that the whole name of the group meets
 * @param alert regular expression (RE2) that the whole name of the alert meets
 * @param noData what becomes of an alert whose series is gone because its data is missing
 * @param noDataLimit how long an alert is kept without data before it is resolved after all
 * @param valueAtResolution whether the annotations of a resolved alert show the value that the series has then, rather
 *     than the last one that met the condition
 */
public record AlertPolicy(
        @Default("\".*\"") String group,
        @Default("\".*\"") String alert,
        @Default("resolve") NoData noData,
        @Default("1h") Duration noDataLimit,
        @Default("false") boolean valueAtResolution) {
    /** What holds for alerts that no policy names: as in Prometheus. */
    public static final AlertPolicy DEFAULT = new AlertPolicy(".*", ".*", NoData.RESOLVE, Duration.ofHours(1), false);

    /** What missing data means. */
    public enum NoData {
        /** The condition no longer holds. */
        RESOLVE,
        /** Nothing: the alert stays as it is. */
        KEEP,
        /** Trouble of its own: an alert with the label {@code no_data="true"} is raised when there is no data at all. */
        FIRE
    }

    public AlertPolicy {
        requirePattern(group, "group");
        requirePattern(alert, "alert");
        if (noDataLimit.isNegative() || noDataLimit.isZero()) {
            throw new IllegalArgumentException("no_data_limit: must be positive");
        }
    }

    static void requirePattern(String pattern, String name) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    boolean holdsFor(String groupName, String alertName) {
        return Pattern.matches(group, groupName) && Pattern.matches(alert, alertName);
    }
}
