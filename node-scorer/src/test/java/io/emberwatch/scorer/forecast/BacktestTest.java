package io.emberwatch.scorer.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BacktestTest {
    private static final Path DOCUMENT = Path.of("../docs/scoring.md");
    private static final String REWRITE = "emberwatch.docs";
    private static final String BEGIN = "<!-- written by BacktestTest -->\n";
    private static final String END = "<!-- end of backtest -->\n";

    private static final List<Forecaster> LIGHT = List.of(
            new Naive(),
            new SeasonalNaive(1),
            new SeasonalNaive(7),
            new ProfileForecaster(),
            new HoltWinters(),
            new Arima(12));

    @Test
    void aForecastNeverSeesItsTarget() {
        double[] values = new double[400];
        values[399] = 1000;
        Forecaster peeking = new Forecaster() {
            @Override
            public String name() {
                return "peeking";
            }

            @Override
            public Fit fit(History training) {
                return (history, horizon) -> {
                    assertThat(history.values()).doesNotContain(1000);
                    return new Naive().forecast(history, horizon);
                };
            }
        };
        new Backtest(100, 50, 1, List.of(1)).run(History.of(48, 0, values), List.of(peeking));
    }

    @Test
    void errorsAndLossesAreThoseOfTheDefinition() {
        double[] values = new double[300];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Backtest.Result result = new Backtest(100, 1000, 1, List.of(3))
                .run(History.of(48, 0, values), List.of(new Naive()))
                .get(0);

        assertThat(result.error()).as("a line is left behind by as many steps").isCloseTo(3, within(1e-12));
        assertThat(result.loss())
                .as("by always as much, which past errors know")
                .isCloseTo(0, within(1e-12));
        assertThat(result.coverage()).isEqualTo(1);
        assertThat(result.forecasts()).isEqualTo(198 - 48 - 2);
    }

    @Test
    void onARandomWalkNothingBeatsTheNaiveOne() {
        SplittableRandom random = new SplittableRandom(3);
        double[] values = new double[28 * MadeUpLatency.DAY];
        for (int i = 1; i < values.length; i++) {
            values[i] = values[i - 1] + random.nextDouble() - 0.5;
        }
        List<Backtest.Result> results = Backtest.standard().run(History.of(MadeUpLatency.DAY, 0, values), LIGHT);

        assertThat(Backtest.choice(results)).isEqualTo("naive");
    }

    @Test
    void theProfileBeatsBothNaiveOnesWhereDaysAreAlike() {
        for (long seed = 1; seed <= 3; seed++) {
            List<Backtest.Result> results = Backtest.standard().run(MadeUpLatency.of(seed, 28), LIGHT);

            assertThat(Backtest.choice(results)).isEqualTo("profile");
            for (int horizon : List.of(1, 12, 72)) {
                assertThat(loss(results, "profile", horizon))
                        .isLessThan(0.85 * loss(results, "seasonal-naive-1d", horizon))
                        .isLessThan(0.85 * loss(results, "seasonal-naive-7d", horizon));
            }
        }
    }

    @Test
    void quantilesCoverWhatTheySay() {
        for (Backtest.Result result : Backtest.standard().run(MadeUpLatency.of(4, 28), LIGHT)) {
            assertThat(result.coverage()).as(result.toString()).isCloseTo(0.9, within(0.06));
        }
    }

    private static double loss(List<Backtest.Result> results, String forecaster, int horizon) {
        return results.stream()
                .filter(result -> result.forecaster().equals(forecaster) && result.horizon() == horizon)
                .mapToDouble(Backtest.Result::loss)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thePublishedTableIsWhatComesOut() throws Exception {
        String table = BacktestTable.of(MadeUpLatency.of(1, 28));
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END, begin);
        assertThat(end).as("the marks of the table in " + DOCUMENT).isGreaterThanOrEqualTo(begin);
        if (System.getProperty(REWRITE, "").equals("rewrite")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table + document.substring(end));
        } else {
            assertThat(document.substring(begin, end))
                    .as("rewrite it with -D" + REWRITE + "=rewrite")
                    .isEqualTo(table);
        }
    }
}
