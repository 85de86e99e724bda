package io.emberwatch.scorer.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What forecasters were worth on one history, as a table in Markdown. */
public final class BacktestTable {
    private static final int WEEK = 7;

    private BacktestTable() {}

    /**
     * Compares all forecasters by {@link Backtest#standard}; the network, which takes long to learn, learns anew once a
     * week.
     *
     * @param history at five-minute steps, more than two weeks
     */
    public static String of(History history) {
        List<Forecaster> light = new ArrayList<>(Forecasters.naive());
        light.addAll(Forecasters.light());
        Backtest standard = Backtest.standard();
        List<Backtest.Result> results = new ArrayList<>(standard.run(history, light));
        Backtest weekly = new Backtest(
                standard.training(), WEEK * history.stepsPerDay(), standard.originEvery(), standard.horizons());
        results.addAll(weekly.run(history, List.of(new Lstm())));
        StringBuilder table = new StringBuilder(
                        "| forecaster | 5 min | 1 h | 6 h | at or below its 0.9 quantile, 1 h |\n")
                .append("|---|---|---|---|---|\n");
        results.stream().map(Backtest.Result::forecaster).distinct().forEach(name -> {
            table.append("| ").append(name);
            for (int horizon : standard.horizons()) {
                double naive = find(results, "naive", horizon).loss();
                table.append(format(" | %.2f", find(results, name, horizon).loss() / naive));
            }
            table.append(format(
                    " | %.0f %% |%n",
                    find(results, name, standard.horizons().get(1)).coverage() * 100));
        });
        return table.append(format("%nUsed here: %s.%n", Backtest.choice(results)))
                .toString();
    }

    private static Backtest.Result find(List<Backtest.Result> results, String forecaster, int horizon) {
        return results.stream()
                .filter(result -> result.forecaster().equals(forecaster) && result.horizon() == horizon)
                .findFirst()
                .orElseThrow();
    }

    private static String format(String pattern, Object value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
