package io.emberwatch.exporter.lineprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.series.SeriesLimits;
import io.emberwatch.model.Labels;
import io.emberwatch.testkit.ManualClock;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever order series come in, looking ahead changes nothing but the time that it takes. */
final class LookaheadTest {
    private static final int SERIES = 200;

    private final Random random = new Random(7);
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1000));
    private final InfluxMetrics metrics = new InfluxMetrics(new CollectorRegistry());
    private final double[] last = new double[SERIES];

    @Test
    void everyValueIsStoredWithItsSeriesInWhateverOrderTheyCome() {
        LineStore store = store(10_000, 0);
        LineReader reader = reader(store);
        List<Integer> order = order();
        for (int pass = 0; pass < 40; pass++) {
            if (pass % 3 == 2) {
                Collections.shuffle(order, random);
            } else if (pass % 5 == 4) {
                Collections.rotate(order, random.nextInt(SERIES));
            }
            take(reader, lines(order));
            assertAllAreAsLast(store);
        }
        assertThat(reader.faults()).isZero();
    }

    @Test
    void linesOfOtherKindsInBetweenAreReadToo() {
        LineStore store = store(10_000, 0);
        LineReader reader = reader(store);
        List<Integer> order = order();
        String text = lines(order);
        take(reader, text);
        take(reader, text);
        StringBuilder mixed = new StringBuilder();
        int wrong = 0;
        for (String line : lines(order).split("\n", -1)) {
            if (!line.isEmpty()) {
                mixed.append(line).append('\n');
                switch (random.nextInt(6)) {
                    case 0 -> mixed.append("# a comment\n\n");
                    case 1 -> mixed.append("text s=\"one\nm,t=0 v=666\ntwo\",v=1\n");
                    case 2 -> {
                        mixed.append("m,t=1 v=\n");
                        wrong++;
                    }
                    case 3 -> mixed.append("odd\\ name v=1i 5\r\n");
                    default -> mixed.append("");
                }
            }
        }
        reader.takeText(mixed.toString().getBytes(StandardCharsets.UTF_8), 0, mixed.length(), 1);
        assertAllAreAsLast(store);
        assertThat(reader.faults()).isEqualTo(wrong);
    }

    @Test
    void seriesThatExpireAndComeAgainAreFound() {
        LineStore store = store(10_000, 1000);
        LineReader reader = reader(store);
        for (int round = 0; round < 3; round++) {
            List<Integer> order = order();
            take(reader, lines(order));
            clock.advance(Duration.ofMillis(900));
            take(reader, lines(order.subList(50, 120)));
            clock.advance(Duration.ofMillis(900));
            store.expire(clock.millis());
            assertThat(store.series()).isEqualTo(70);
            take(reader, lines(order));
            assertAllAreAsLast(store);
        }
    }

    @Test
    void theSameSeriesTwiceInOneTextIsOneSeries() {
        LineStore store = store(10_000, 0);
        take(reader(store), "n v=1\nn v=2\nn v=3\n");
        assertThat(store.series()).isEqualTo(1);
        assertThat(store.value("n_v", Labels.EMPTY)).isEqualTo(3);
    }

    private static List<Integer> order() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) {
            order.add(i);
        }
        return order;
    }

    private String lines(List<Integer> order) {
        StringBuilder text = new StringBuilder();
        for (int one : order) {
            last[one] = random.nextInt(1_000_000) / 100.0;
            text.append("m,t=").append(one).append(" v=").append(last[one]).append('\n');
        }
        return text.toString();
    }

    private void assertAllAreAsLast(LineStore store) {
        for (int one = 0; one < SERIES; one++) {
            assertThat(store.value("m_v", Labels.of("t", Integer.toString(one))))
                    .isEqualTo(last[one]);
        }
    }

    private static LineStore store(int series, long ttlMillis) {
        return new LineStore(new SeriesLimits(series, series), ttlMillis, false);
    }

    private LineReader reader(LineStore store) {
        return new LineReader(
                store, new LineForwarder(null, metrics, Duration.ZERO), metrics.listener("here"), clock, 64 << 10);
    }

    private static void take(LineReader reader, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        reader.takeText(bytes, 0, bytes.length, 1);
    }
}
