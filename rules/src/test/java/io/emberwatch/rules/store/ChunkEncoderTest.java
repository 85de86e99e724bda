package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.emberwatch.model.Staleness;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class ChunkEncoderTest {
    private static final double[] ODD_VALUES = {
        0.0,
        -0.0,
        1,
        -1,
        Double.NaN,
        Staleness.STALE_NAN,
        Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.MIN_VALUE,
        1L << 53,
        -(1L << 53),
        (1L << 53) - 1,
        1e15 + 0.5,
        0.1 + 0.2,
        1e-15,
        1e300
    };

    private final ChunkEncoder encoder = new ChunkEncoder();

    @Test
    void oddValuesComeBackBitForBit() {
        for (double first : ODD_VALUES) {
            for (double second : ODD_VALUES) {
                assertRoundTrip(new long[] {5, 7, 9, 11}, new double[] {first, second, first, 12.5});
            }
        }
        long[] times = new long[ODD_VALUES.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = i * 15_000L;
        }
        assertRoundTrip(times, ODD_VALUES);
    }

    @Test
    void anySingleSampleComesBack() {
        qt().forAll(longs().all(), longs().all())
                .checkAssert((time, bits) ->
                        assertRoundTrip(new long[] {time}, new double[] {Double.longBitsToDouble(bits)}));
    }

    @Test
    void hugeAndTinyStepsOfTimeComeBack() {
        assertRoundTrip(
                new long[] {Long.MIN_VALUE / 2, -1, 0, 1, 64, 65, 4000, 600_000, 86_400_000, Long.MAX_VALUE / 2},
                new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    }

    @Test
    void seriesOfManyShapesComeBack() {
        qt().withExamples(400)
                .forAll(
                        longs().all(),
                        integers().between(1, ChunkEncoder.CAPACITY),
                        integers().between(0, 9))
                .checkAssert((seed, count, shape) -> {
                    Random random = new Random(seed);
                    long[] times = new long[count];
                    double[] values = new double[count];
                    long time = 1_700_000_000_000L;
                    for (int i = 0; i < count; i++) {
                        time += shape % 2 == 0 ? 15_000 : 1 + random.nextInt(30_000);
                        times[i] = time;
                        values[i] = value(random, shape, i, i == 0 ? 0 : values[i - 1]);
                    }
                    assertRoundTrip(times, values);
                });
    }

    private static double value(Random random, int shape, int i, double last) {
        if (random.nextInt(60) == 0) {
            return ODD_VALUES[random.nextInt(ODD_VALUES.length)];
        }
        return switch (shape) {
            case 0, 1 -> Math.rint(random.nextGaussian() * 10_000) / 100;
            case 2, 3 -> (Double.isNaN(last) ? 0 : last) + random.nextInt(100);
            case 4 -> 7 + i / 3.0;
            case 5 -> random.nextDouble();
            case 6 -> 4096.0 * random.nextInt(1 << 20);
            case 7 -> Double.longBitsToDouble(random.nextLong());
            default -> 42;
        };
    }

    private void assertRoundTrip(long[] times, double[] values) {
        OpenChunk open = new OpenChunk();
        for (int i = 0; i < times.length; i++) {
            open.append(times[i], values[i], 0);
        }
        Chunk chunk = encoder.seal(open);
        Points points = new Points();
        assertThat(ChunkEncoder.decode(chunk.data(), chunk.start(), new Cut(points, Long.MIN_VALUE, Long.MAX_VALUE)))
                .isTrue();
        assertThat(points.size()).isEqualTo(times.length);
        for (int i = 0; i < times.length; i++) {
            assertThat(points.timestamp(i)).as("time %s", i).isEqualTo(times[i]);
            assertThat(Double.doubleToRawLongBits(points.value(i)))
                    .as("value %s", i)
                    .isEqualTo(Double.doubleToRawLongBits(values[i]));
        }
    }

    @Test
    void onlyPointsWithinTheBoundsAreRead() {
        OpenChunk open = new OpenChunk();
        for (int i = 0; i < 100; i++) {
            open.append(i * 10L, i, 0);
        }
        Chunk chunk = encoder.seal(open);
        Points points = new Points();
        ChunkEncoder.decode(chunk.data(), chunk.start(), new Cut(points, 95, 130));
        assertThat(points.size()).isEqualTo(4);
        assertThat(points.timestamp(0)).isEqualTo(100);
        assertThat(points.timestamp(3)).isEqualTo(130);
    }

    @Test
    void damagedBytesNeverThrow() {
        qt().withExamples(2_000).forAll(longs().all()).checkAssert(seed -> {
            Random random = new Random(seed);
            OpenChunk open = new OpenChunk();
            int count = 1 + random.nextInt(ChunkEncoder.CAPACITY);
            for (int i = 0; i < count; i++) {
                open.append(i * 1000L + random.nextInt(2), value(random, (int) (seed & 7), i, 3), 0);
            }
            byte[] data = encoder.seal(open).data().clone();
            for (int i = 0; i <= random.nextInt(8); i++) {
                data[random.nextInt(data.length)] = (byte) random.nextInt();
            }
            Points points = new Points();
            ChunkEncoder.decode(data, 0, new Cut(points, Long.MIN_VALUE, Long.MAX_VALUE));
            assertThat(points.size()).isLessThanOrEqualTo(ChunkEncoder.CAPACITY);
        });
        assertThat(ChunkEncoder.decode(new byte[0], 0, new Cut(new Points(), 0, 1)))
                .isFalse();
    }

    @Test
    void countersTakeLessThanTwoBytesAndGaugesLessThanThree() {
        Random random = new Random(1);
        assertThat(bytesPerSample(i -> 1_000_000 + i * 250 + random.nextInt(50)))
                .isLessThan(2.0);
        double[] level = {40};
        assertThat(bytesPerSampleOfDoubles(() -> {
                    level[0] += random.nextGaussian();
                    return Math.rint(level[0] * 100) / 100;
                }))
                .isLessThan(2.0);
        int[] step = {0};
        assertThat(bytesPerSampleOfDoubles(() -> step[0]++ + 17 / 5302.0)).isLessThan(2.7);
    }

    private double bytesPerSample(LongUnaryOperator values) {
        long[] i = {0};
        return bytesPerSampleOfDoubles(() -> values.applyAsLong(i[0]++));
    }

    private double bytesPerSampleOfDoubles(java.util.function.DoubleSupplier values) {
        OpenChunk open = new OpenChunk();
        for (int i = 0; i < ChunkEncoder.CAPACITY; i++) {
            open.append(i * 15_000L, values.getAsDouble(), 0);
        }
        return encoder.seal(open).data().length / (double) ChunkEncoder.CAPACITY;
    }
}
