package io.emberwatch.exporter.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TDigestTest {
    @Test
    void isExactForFewValues() {
        TDigest digest = new TDigest();
        for (double value : new double[] {5, 1, 3, 2, 4}) {
            digest.add(value, 1);
        }

        assertThat(digest.quantile(0)).isEqualTo(1);
        assertThat(digest.quantile(0.5)).isEqualTo(3);
        assertThat(digest.quantile(1)).isEqualTo(5);
    }

    @Test
    void knowsNothingOfNothing() {
        TDigest digest = new TDigest();
        digest.add(Double.NaN, 1);
        digest.add(Double.POSITIVE_INFINITY, 1);

        assertThat(digest.quantile(0.5)).isNaN();
    }

    @Test
    void countsAWeightAsSoManyValues() {
        TDigest digest = new TDigest();
        digest.add(1, 1e9);
        digest.add(2, 1);

        assertThat(digest.quantile(0.999)).isEqualTo(1);
        assertThat(digest.quantile(1)).isEqualTo(2);
    }

    @Test
    void findsTheRanksOfManyValuesWithinTheirErrors() {
        Random random = new Random(7);
        double[] values = new double[200_000];
        TDigest digest = new TDigest();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(random.nextGaussian() * 2);
            digest.add(values[i], 1);
        }
        Arrays.sort(values);

        for (double[] objective : new double[][] {{0.5, 0.05}, {0.9, 0.01}, {0.99, 0.001}, {0.999, 0.0005}}) {
            int at = Arrays.binarySearch(values, digest.quantile(objective[0]));
            double rank = (at < 0 ? -1.0 - at : at) / values.length;
            assertThat(rank).isCloseTo(objective[0], within(objective[1]));
        }
    }
}
