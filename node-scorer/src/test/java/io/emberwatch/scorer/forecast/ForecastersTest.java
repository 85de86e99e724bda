package io.emberwatch.scorer.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every forecaster must keep to, and what each is good at. */
final class ForecastersTest {
    private static final int DAY = 48;

    private static List<Forecaster> all() {
        return List.of(
                new Naive(),
                new SeasonalNaive(1),
                new SeasonalNaive(7),
                new ProfileForecaster(),
                new HoltWinters(),
                new Arima(12),
                new Lstm());
    }

    private static History history(double... values) {
        return History.of(DAY, 4L * DAY, values);
    }

    private static double[] daily(int days, double trendPerStep) {
        double[] values = new double[days * DAY];
        for (int i = 0; i < values.length; i++) {
            values[i] = 10 + 3 * StrictMath.sin(2 * Math.PI * i / DAY) + trendPerStep * i;
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("all")
    void withOneValueItStaysThere(Forecaster forecaster) {
        History one = history(7);

        assertThat(forecaster.fit(one).forecast(one, 3)).containsExactly(7, 7, 7);
    }

    @ParameterizedTest
    @MethodSource("all")
    void withoutAnyValueNothingIsTold(Forecaster forecaster) {
        History empty =
                history(DoubleStream.generate(() -> Double.NaN).limit(4 * DAY).toArray());

        assertThat(forecaster.fit(empty).forecast(empty, 2)).containsExactly(Double.NaN, Double.NaN);
        assertThat(forecaster.fit(history()).forecast(history(), 1)).containsExactly(Double.NaN);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aConstantStaysConstant(Forecaster forecaster) {
        double[] values = new double[6 * DAY];
        Arrays.fill(values, 5);
        History constant = history(values);

        for (double told : forecaster.fit(constant).forecast(constant, 30)) {
            assertThat(told).isCloseTo(5, within(1e-9));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void gapsAreBridged(Forecaster forecaster) {
        double[] values = daily(8, 0);
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 5 == 0 || i > values.length - 4 ? Double.NaN : values[i];
        }
        History gaps = history(values);

        for (double told : forecaster.fit(gaps).forecast(gaps, DAY)) {
            assertThat(told).isBetween(-5.0, 25.0);
        }
    }

    @Test
    void seasonalForecastersFollowTheDay() {
        History history = history(daily(15, 0));
        for (Forecaster forecaster : List.of(new SeasonalNaive(1), new ProfileForecaster(), new HoltWinters())) {
            double[] told = forecaster.fit(history).forecast(history, DAY);
            for (int step = 0; step < DAY; step++) {
                assertThat(told[step])
                        .as(forecaster.name() + " at " + step)
                        .isCloseTo(10 + 3 * StrictMath.sin(2 * Math.PI * step / DAY), within(0.3));
            }
        }
    }

    @Test
    void holtWintersFollowsATrendForAWhile() {
        History history = history(daily(15, 0.01));
        double last = 10 + 0.01 * history.size();

        double[] told = new HoltWinters().fit(history).forecast(history, 2);

        assertThat(told[0]).isCloseTo(last, within(0.2));
    }

    @Test
    void theProfileTellsWorkingDaysFromWeekends() {
        double[] values = new double[21 * DAY];
        History shape = history(values);
        for (int i = 0; i < values.length; i++) {
            values[i] = shape.isWeekend(i) ? 1 : 9;
        }
        History history = history(values);
        double[] told = new ProfileForecaster().fit(history).forecast(history, 7 * DAY);

        assertThat(told[DAY / 2]).as("a Monday").isCloseTo(9, within(1e-9));
        assertThat(told[5 * DAY + DAY / 2]).as("a Saturday").isCloseTo(1, within(1e-9));
    }

    @Test
    void theProfileLetsADeviationFade() {
        double[] values = MadeUpLatency.values(3, 14);
        values[values.length - 1] += 2;
        History history = History.of(MadeUpLatency.DAY, 4L * MadeUpLatency.DAY, values);
        Forecaster.Fit fit = new ProfileForecaster().fit(history);
        double[] disturbed = fit.forecast(history, 100);
        values[values.length - 1] -= 2;
        double[] calm = fit.forecast(History.of(MadeUpLatency.DAY, 4L * MadeUpLatency.DAY, values), 100);

        assertThat(disturbed[0] - calm[0]).isBetween(0.8, 2.0);
        assertThat(disturbed[99] - calm[99]).isLessThan(0.05);
    }

    @Test
    void levinsonSolvesTheYuleWalkerEquations() {
        // 0.6 x(t-1) - 0.3 x(t-2): r1 = 0.6/1.3, r2 = 0.6 r1 - 0.3, r3 = 0.6 r2 - 0.3 r1
        double r1 = 0.6 / 1.3;
        double r2 = 0.6 * r1 - 0.3;
        double r3 = 0.6 * r2 - 0.3 * r1;

        assertThat(Arima.levinson(new double[] {1, r1, r2, r3}))
                .containsExactly(new double[] {0.6, -0.3, 0}, within(1e-12));
    }

    @Test
    void autocovariancesAreThoseOfTheTextbook() {
        assertThat(Arima.autocovariances(new double[] {1, 2, 3, 4}, 2))
                .containsExactly(new double[] {1.25, 0.3125, -0.375}, within(1e-12));
    }

    @Test
    void arimaContinuesAnAlternation() {
        double[] values = new double[200];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 2;
        }
        double[] told = new Arima(2).fit(history(values)).forecast(history(values), 4);

        assertThat(told[0]).isCloseTo(0, within(0.1));
        assertThat(told[1]).isCloseTo(1, within(0.1));
    }

    @Test
    void theNetworksGradientIsThatOfItsLoss() {
        LstmCell cell = new LstmCell(3, 4, new SplittableRandom(5));
        double[][] inputs = new double[5][];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new double[] {0.3 * i - 0.5, 0.2, -0.4, 0.1 * i, 0.7, i % 2};
        }
        double[] targets = {0.5, -0.2, 3, 0.1};
        cell.learn(inputs, targets, 0.01, 1.5);
        cell.learn(inputs, targets, 0, 1.5);
        double[] gradients = cell.gradients();
        double[] weights = cell.weights();
        for (int i = 0; i < weights.length; i += 7) {
            double weight = weights[i];
            weights[i] = weight + 1e-5;
            double above = cell.learn(inputs, targets, 0, 1.5);
            weights[i] = weight - 1e-5;
            double below = cell.learn(inputs, targets, 0, 1.5);
            weights[i] = weight;
            assertThat(gradients[i]).as("weight " + i).isCloseTo((above - below) / 2e-5, within(1e-6));
        }
    }

    @Test
    void theSameHistoryGivesTheSameNetwork() {
        History history = history(daily(10, 0));
        double[] once = new Lstm().fit(history).forecast(history, 5);

        assertThat(new Lstm().fit(history).forecast(history, 5)).containsExactly(once);
        assertThat(once[0]).isCloseTo(10, within(1.0));
    }
}
