package io.emberwatch.push.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SketchTest {
    @Test
    void everyQuantileIsWithinOnePercentOfTheValueOfItsRank() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            double[] values = new double[1 + random.nextInt(3000)];
            Sketch sketch = new Sketch();
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (round % 4) {
                    case 0 -> random.nextGaussian();
                    case 1 -> Math.exp(4 * random.nextGaussian());
                    case 2 -> random.nextInt(5) - 2;
                    default -> -random.nextDouble() * 1e9;
                };
                sketch.add(values[i]);
            }
            Arrays.sort(values);
            for (double quantile : new double[] {0, 0.01, 0.5, 0.9, 0.99, 1}) {
                double exact = values[(int) Math.floor(quantile * (values.length - 1))];
                assertThat(sketch.quantile(quantile))
                        .as("round %d quantile %s", round, quantile)
                        .isCloseTo(exact, within(Math.abs(exact) * 0.0101));
            }
        }
    }

    @Test
    void valuesOfAnySizeFindRoom() {
        Sketch sketch = new Sketch();
        for (double value :
                new double[] {Double.MAX_VALUE, Double.MIN_VALUE, 1e-200, 1, -Double.MAX_VALUE, -1e-250, 0}) {
            sketch.add(value);
        }
        assertThat(sketch.quantile(1)).isCloseTo(Double.MAX_VALUE, within(Double.MAX_VALUE / 50));
        assertThat(sketch.quantile(0)).isNegative();
    }
}
