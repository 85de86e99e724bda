package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Alert;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.engine.AlertState;

/** A backtest for a terminal: what fired, since when, for how long. */
final class BacktestTable {
    private BacktestTable() {}

    static String write(BacktestResult result) {
        StringBuilder text = new StringBuilder();
        Backtest.Period period = result.period();
        text.append(result.evaluations())
                .append(" evaluations from ")
                .append(period.from())
                .append(" to ")
                .append(period.to())
                .append(", every ")
                .append(Durations.format(period.interval()))
                .append('\n');
        for (BacktestResult.Timeline alert : result.alerts()) {
            long count = alert.fired();
            text.append('\n').append(alert.alert());
            text.append(count == 0 ? ": never fired" : ": fired " + count + (count == 1 ? " time" : " times"));
            text.append('\n');
            for (BacktestResult.Episode episode : alert.episodes()) {
                if (episode.state() == AlertState.FIRING) {
                    text.append("  ")
                            .append(episode.begin())
                            .append("  for ")
                            .append(Durations.format(episode.length()))
                            .append("  ")
                            .append(episode.labels().without(Alert.ALERT_NAME))
                            .append('\n');
                }
            }
        }
        if (!result.failures().isEmpty()) {
            text.append('\n');
            result.failures()
                    .forEach(failure -> text.append(failure.rule())
                            .append(" could not be evaluated at ")
                            .append(failure.at())
                            .append(": ")
                            .append(failure.error())
                            .append('\n'));
        }
        return text.toString();
    }
}
