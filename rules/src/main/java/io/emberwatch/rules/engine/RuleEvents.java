package io.emberwatch.rules.engine;

import java.time.Duration;
import java.time.Instant;

/** Hears of what the engine does, to count it. Groups are named by {@link RuleGroup#key}. */
public interface RuleEvents {
    /** Hears nothing. */
    RuleEvents NONE = new RuleEvents() {};

    /** A group runs from now on. */
    default void groupStarted(String group, int rules, Duration interval) {}

    /** A group runs no longer. */
    default void groupStopped(String group) {}

    /** A rule was evaluated. */
    default void ruleEvaluated(String group, Duration took) {}

    /** A rule's evaluation gave no result. */
    default void ruleFailed(String group) {}

    /**
     * A group was evaluated.
     *
     * @param rulesTook the sum of its rules' durations
     * @param samples how many samples its rules gave
     */
    default void groupEvaluated(String group, Instant at, Duration took, Duration rulesTook, int samples) {}

    /** So many selectors of a group found no series in its last evaluation. */
    default void selectorsWithoutSeries(String group, int count) {}

    /** A rule is evaluated again, as its failure may have passed. */
    default void ruleRetried(String group) {}

    /** Planned evaluations of a group were left out because an earlier one took too long. */
    default void iterationsMissed(String group, long count) {}

    /** The alerts of a group were restored after a restart. */
    default void groupRestored(String group, Duration took) {}

    /** A label or annotation was expanded. */
    default void templateExpanded(boolean failed) {}
}
