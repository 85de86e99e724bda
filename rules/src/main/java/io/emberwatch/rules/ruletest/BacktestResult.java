package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.engine.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What rules would have done in a time gone by.
 *
 * @param evaluations how often every rule was evaluated
 * @param alerts every alerting rule in the order of its name, those that never gave an alert included
 * @param failures rules that could not be evaluated at some time
 */
public record BacktestResult(Backtest.Period period, int evaluations, List<Timeline> alerts, List<Failure> failures) {
    public BacktestResult {
        alerts = List.copyOf(alerts);
        failures = List.copyOf(failures);
    }

    /** The alerts of one rule, by labels and then by time. */
    public record Timeline(String file, String group, String alert, List<Episode> episodes) {
        public Timeline {
            episodes = List.copyOf(episodes);
        }

        /** How many times an alert fired. */
        public long fired() {
            return episodes.stream()
                    .filter(episode -> episode.state() == AlertState.FIRING)
                    .count();
        }
    }

    /**
     * A time during which an alert was pending, or fired.
     *
     * @param labels what identifies the alert, {@code alertname} included
     * @param begin the first evaluation that found it so
     * @param end the first evaluation that no longer did, or would have come after the last
     * @param highest the highest value of the rule's expression meanwhile
     */
    public record Episode(Labels labels, AlertState state, Instant begin, Instant end, double highest) {
        public Duration length() {
            return Duration.between(begin, end);
        }
    }

    /** @param at the first time that the rule could not be evaluated */
    public record Failure(String rule, Instant at, String error) {}
}
