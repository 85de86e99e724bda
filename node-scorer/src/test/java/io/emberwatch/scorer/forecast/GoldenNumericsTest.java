package io.emberwatch.scorer.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * The numerics against values computed with statsmodels 0.13.5, scipy 1.10.1 and numpy 1.24.2, and with R 4.2.2 and its
 * forecast 8.20 (all of Debian 12), of the same series; where both tell, they agree to the thirteenth digit. What was
 * called stands with each; {@code golden-numerics.py} and {@code golden-numerics.R} beside the resources compute them anew.
 */
final class GoldenNumericsTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final int DAY = 24;

    private static double[] series() {
        double[] values = new double[240];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 7919 % 101 / 101.0 + (i % DAY >= 12 ? 2 : 0) + 0.01 * i;
        }
        return values;
    }

    private static History history() {
        return History.of(DAY, 0, series());
    }

    private static double[] changes() {
        double[] values = series();
        double[] changes = new double[values.length - 1];
        Arrays.setAll(changes, i -> values[i + 1] - values[i]);
        return changes;
    }

    // statsmodels.tsa.stattools.acovf(np.diff(x), adjusted=False, demean=True, nlag=4, fft=False)
    @Test
    void autocovariances() {
        assertThat(Arima.autocovariances(changes(), 4))
                .containsExactly(
                        new double[] {
                            0.5323786348278213,
                            -0.1318912747724331,
                            0.043179863578153385,
                            -0.012732349203068113,
                            -0.09289133637549413
                        },
                        EXACT);
    }

    // statsmodels.regression.linear_model.yule_walker(np.diff(x), order=4, method="mle", demean=True)
    // R: ar.yw(diff(x), aic = FALSE, order.max = 4)$ar
    @Test
    void yuleWalkerCoefficients() {
        assertThat(Arima.levinson(Arima.autocovariances(changes(), 4)))
                .containsExactly(
                        new double[] {
                            -0.24235410727202097, 0.025392710227535312, -0.04596204019790243, -0.19372587964538146
                        },
                        EXACT);
    }

    // statsmodels.tsa.arima.model.ARIMA(x, order=(4, 1, 0), trend="n") filtered with those coefficients, forecast(5)
    // R: forecast(Arima(x, order = c(4, 1, 0), fixed = those, transform.pars = FALSE), h = 5)
    @Test
    void arimaForecasts() {
        assertThat(new Arima(4).fit(history()).forecast(history(), 5))
                .containsExactly(
                        new double[] {
                            4.508179139524823,
                            4.563536123526405,
                            4.498884298216647,
                            4.624584404706389,
                            4.5708762608967834
                        },
                        EXACT);
    }

    // statsmodels.tsa.holtwinters.ExponentialSmoothing(x[24:], trend="add", damped_trend=True, seasonal="add",
    // seasonal_periods=24, initialization_method="known", initial_level=median(x[:24]), initial_trend=0,
    // initial_seasonal=x[:24] - median(x[:24])).fit(smoothing_level=0.2, smoothing_trend=0.1, smoothing_seasonal=0.04,
    // damping_trend=0.9, optimized=False). Its constants are those of the recursive form: trend 0.02 / 0.2, season
    // 0.05 * (1 - 0.2). A whole season ahead its forecast takes the season's state before the last value; the sixth
    // number is what its own level, trend and season after the last value come to.
    // R: ets(x[25:240], model = "AAA", damped = TRUE, alpha = 0.2, beta = 0.02, gamma = 0.04, phi = 0.9) from that
    // state,
    // forecast(h = 30); its sixth number is that of its forecast.
    @Test
    void holtWintersForecastsAndErrors() {
        double[] told = HoltWinters.forecast(history(), 0.2, 0.02, 0.05, 30);

        assertThat(new double[] {told[0], told[1], told[2], told[11], told[12], told[23], told[24], told[29]})
                .containsExactly(
                        new double[] {
                            2.3652145209250484,
                            2.5473143646643694,
                            2.8086214688165936,
                            2.5740395618423957,
                            4.85408262014977,
                            4.584722483900698,
                            2.260498068394911,
                            2.2344791633078964
                        },
                        EXACT);
        assertThat(HoltWinters.error(history(), 0.2, 0.02, 0.05)).isCloseTo(0.20016468751052532, EXACT);
    }

    // scipy.stats.theilslopes(x[:40], np.arange(40), alpha=0.9); its bounds may differ by one order statistic in
    // rounding.
    @Test
    void theilAndSensSlopeWithItsInterval() {
        double[] values = Arrays.copyOf(series(), 40);
        Arrays.setAll(values, i -> values[i] + 100); // so that no fall is a break
        Trend trend = Trend.of(values);

        assertThat(trend.slope()).isCloseTo(0.024636246233318976, EXACT);
        assertThat(trend.low()).isCloseTo(0.015940594059405823, within(2e-4));
        assertThat(trend.high()).isCloseTo(0.04927392739273928, within(2e-4));
    }

    // R: mad(x[1:40]); statsmodels.robust.mad gives 1.0893456, because it divides by the normal quantile of 3/4 where R
    // and we multiply by 1.4826
    @Test
    void medianAbsoluteDeviation() {
        assertThat(Statistics.deviation(Arrays.copyOf(series(), 40))).isCloseTo(1.08934401980198, EXACT);
    }

    // R: snaive(x, h = 30) and naive(x, h = 3)
    @Test
    void naiveForecasts() {
        double[] told = new SeasonalNaive(1).fit(history()).forecast(history(), 30);

        assertThat(new double[] {told[0], told[12], told[23], told[24]})
                .containsExactly(
                        new double[] {2.8431683168316835, 4.834455445544554, 4.40980198019802, 2.8431683168316835},
                        EXACT);
        assertThat(new Naive().fit(history()).forecast(history(), 3))
                .containsExactly(new double[] {4.40980198019802, 4.40980198019802, 4.40980198019802}, EXACT);
    }

    // numpy.percentile(x[:40], (1, 10, 50, 90, 99)); R: quantile(x[1:40], c(0.01, 0.1, 0.5, 0.9, 0.99))
    @Test
    void quantiles() {
        double[] values = Arrays.copyOf(series(), 40);
        assertThat(new double[] {
                    Statistics.quantile(values, 0.01),
                    Statistics.quantile(values, 0.1),
                    Statistics.median(values),
                    Statistics.quantile(values, 0.9),
                    Statistics.quantile(values, 0.99)
                })
                .containsExactly(
                        new double[] {
                            0.031084158415841587,
                            0.3195544554455446,
                            1.0224257425742573,
                            2.9756039603960396,
                            3.1939970297029703
                        },
                        EXACT);
    }
}
