package io.emberwatch.rules.engine;

import com.google.re2j.Pattern;
import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * What a group does when a rule of it fails, beyond what rule files can say.
 *
 * @param group regular expression (RE2) that the whole name of the group meets
 * @param onFailure whether the rules after the one that failed are evaluated
 * @param retries how often a rule is evaluated again, for the same time, when its failure may pass: the source was not
 *     reached, or did not answer in time. Rules after it wait. Retries end when the next evaluation is due
 * @param retryDelay how long to wait before each of them
 */
public record GroupPolicy(
        @Default("\".*\"") String group,
        @Default("continue") OnFailure onFailure,
        @Default("0") int retries,
        @Default("1s") Duration retryDelay) {
    /** What holds for groups that no policy names: as in Prometheus. */
    public static final GroupPolicy DEFAULT = new GroupPolicy(".*", OnFailure.CONTINUE, 0, Duration.ofSeconds(1));

    /** What a failure means for the rest of a group. */
    public enum OnFailure {
        /** Nothing: the rules after it are evaluated, on what was recorded before. */
        CONTINUE,
        /** The rules after it are left out this time, so that nothing is computed half from old and half from new. */
        STOP
    }

    public GroupPolicy {
        AlertPolicy.requirePattern(group, "group");
        if (retries < 0 || retries > 100) {
            throw new IllegalArgumentException("retries: expected 0 to 100");
        }
        if (retryDelay.toMillis() <= 0) {
            throw new IllegalArgumentException("retry_delay: must be positive");
        }
    }

    boolean holdsFor(String groupName) {
        return Pattern.matches(group, groupName);
    }
}
