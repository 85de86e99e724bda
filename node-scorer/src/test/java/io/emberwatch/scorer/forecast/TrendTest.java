package io.emberwatch.scorer.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TrendTest {
    private static double[] line(int points, double from, double slope) {
        return IntStream.range(0, points).mapToDouble(i -> from + slope * i).toArray();
    }

    @Test
    void aLineIsItsOwnTrend() {
        Trend trend = Trend.of(line(50, 10, 0.5));

        assertThat(trend.slope()).isCloseTo(0.5, within(1e-12));
        assertThat(trend.low()).isCloseTo(0.5, within(1e-12));
        assertThat(trend.high()).isCloseTo(0.5, within(1e-12));
        assertThat(trend.level()).isCloseTo(34.5, within(1e-12));
        assertThat(trend.stepsUntil(44.5, trend.slope())).isCloseTo(20, within(1e-9));
    }

    @Test
    void aThirdOfOutliersDoesNotBendIt() {
        double[] values = line(60, 100, 1);
        for (int i = 0; i < values.length; i += 4) {
            values[i] *= 1.15;
        }

        assertThat(Trend.of(values).slope()).isCloseTo(1, within(0.25));
    }

    @Test
    void aDefragmentationBeginsANewStretch() {
        double[] values = line(72, 100, 2);
        for (int i = 40; i < values.length; i++) {
            values[i] -= 120;
        }

        Trend trend = Trend.of(values);

        assertThat(trend.slope()).isCloseTo(2, within(1e-9));
        assertThat(trend.level()).isCloseTo(values[71], within(1e-9));
    }

    @Test
    void theIntervalHoldsTheTruthAboutAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(7);
        int held = 0;
        for (int run = 0; run < 400; run++) {
            double[] values = line(40, 100, 0.1);
            for (int i = 0; i < values.length; i++) {
                values[i] += 3 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
            }
            Trend trend = Trend.of(values);
            held += trend.low() <= 0.1 && 0.1 <= trend.high() ? 1 : 0;
        }
        assertThat(held / 400.0).isBetween(0.86, 0.94);
    }

    @Test
    void whatFallsOrStandsNeverReachesALimitAbove() {
        assertThat(Trend.of(line(20, 50, -0.5)).stepsUntil(100, -0.5)).isInfinite();
        assertThat(Trend.of(line(20, 50, 0)).stepsUntil(100, 0)).isInfinite();
        assertThat(Trend.of(line(20, 150, -0.5)).stepsUntil(100, -0.5))
                .as("it is there")
                .isZero();
    }

    @Test
    void gapsCountAsTime() {
        double[] values = line(40, 0, 1);
        for (int i = 10; i < 30; i++) {
            values[i] = Double.NaN;
        }
        assertThat(Trend.of(values).slope()).isCloseTo(1, within(1e-12));
    }

    @Test
    void withTooFewPointsThereIsNoTrend() {
        assertThat(Trend.of(line(5, 0, 1))).isEqualTo(Trend.NONE);
        assertThat(Trend.of(new double[0])).isEqualTo(Trend.NONE);
        assertThat(Trend.NONE.stepsUntil(1, Double.NaN)).isNaN();
    }

    @Test
    void onlyTheNewestPointsCount() {
        double[] values = line(1000, 0, 0);
        for (int i = 0; i < Trend.MOST_POINTS; i++) {
            values[1000 - Trend.MOST_POINTS + i] = 10 + i;
        }
        assertThat(Trend.of(values).slope()).isCloseTo(1, within(1e-9));
    }
}
