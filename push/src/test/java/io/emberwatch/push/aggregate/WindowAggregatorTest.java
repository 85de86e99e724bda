package io.emberwatch.push.aggregate;

import static io.emberwatch.push.aggregate.AggregateFunction.AVG;
import static io.emberwatch.push.aggregate.AggregateFunction.COUNT;
import static io.emberwatch.push.aggregate.AggregateFunction.LAST;
import static io.emberwatch.push.aggregate.AggregateFunction.MAX;
import static io.emberwatch.push.aggregate.AggregateFunction.MIN;
import static io.emberwatch.push.aggregate.AggregateFunction.SUM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.push.aggregate.WindowAggregator.Outcome;
import io.emberwatch.push.aggregate.WindowAggregator.Settings;
import io.emberwatch.push.message.InternalReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class WindowAggregatorTest {
    private static final long FOREVER = Long.MAX_VALUE / 2;

    private final List<AggregationConfig> rules = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    @Test
    void tellsEveryFunctionOfAWindow() {
        rules.add(new AggregationConfig(List.of(AVG, SUM, MIN, MAX, COUNT, LAST), "cpu", List.of("user"), List.of()));
        WindowAggregator windows = aggregator(1000, 500);

        add(windows, "cpu#user", "host=a#2#", 1100);
        add(windows, "cpu#user", "host=a#-1.5#", 1900);
        add(windows, "cpu#user", "host=a#4i#", 1200);
        assertThat(close(windows, 2499)).isFalse();
        assertThat(close(windows, 2500)).isTrue();

        assertThat(lines)
                .containsExactly("cpu,host=a#user cpu,host=a user_avg=1.5,user_sum=4.5,user_min=-1.5,user_max=4,"
                        + "user_count=3,user_last=-1.5 2000000000");
    }

    @Test
    void keepsSeriesAndWindowsApart() {
        rules.add(new AggregationConfig(List.of(SUM), null, List.of(), List.of()));
        WindowAggregator windows = aggregator(1000, 0);

        add(windows, "m#f", "t=1#1#", 100);
        add(windows, "m#f", "t=2#2#", 200);
        add(windows, "m#g", "t=1#3#", 300);
        add(windows, "m#f", "#4#", 400);
        add(windows, "m#f", "t=1#5#", 1100);
        close(windows, FOREVER);

        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "m,t=1#f m,t=1 f_sum=1 1000000000",
                        "m,t=2#f m,t=2 f_sum=2 1000000000",
                        "m,t=1#g m,t=1 g_sum=3 1000000000",
                        "m#f m f_sum=4 1000000000",
                        "m,t=1#f m,t=1 f_sum=5 2000000000");
    }

    @Test
    void bringsSeriesTogetherWhoseTagsAreRemoved() {
        rules.add(new AggregationConfig(List.of(SUM), "m", List.of(), List.of("host", "a b")));
        WindowAggregator windows = aggregator(1000, 0);

        add(windows, "m#f", "a\\ b=1,host=x\\,y,unit=1#1#", 0);
        add(windows, "m#f", "host=z,unit=1#2#", 0);
        add(windows, "m#f", "host=z#4#", 0);
        close(windows, FOREVER);

        assertThat(lines)
                .containsExactlyInAnyOrder("m,unit=1#f m,unit=1 f_sum=3 1000000000", "m#f m f_sum=4 1000000000");
    }

    @Test
    void takesBooleansAsNumbersAndRefusesStrings() {
        rules.add(new AggregationConfig(List.of(AVG), "m", List.of(), List.of()));
        WindowAggregator windows = aggregator(1000, 0);

        assertThat(add(windows, "m#f", "#true#", 0)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "m#f", "#f#", 0)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "m#f", "#\"1\"#", 0)).isEqualTo(Outcome.NOT_NUMERIC);
        assertThat(add(windows, "m#f", "#5x#", 0)).isEqualTo(Outcome.NOT_NUMERIC);
        assertThat(add(windows, "m#f", "#NaN#", 0)).isEqualTo(Outcome.NOT_NUMERIC);
        close(windows, FOREVER);

        assertThat(lines).containsExactly("m#f m f_avg=0.5 1000000000");
    }

    @Test
    void takesWhatComesWithinTheGraceAndCountsWhatIsLate() {
        rules.add(new AggregationConfig(List.of(COUNT), "m", List.of(), List.of()));
        WindowAggregator windows = aggregator(1000, 500);

        assertThat(add(windows, "m#f", "#1#", 900)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "m#f", "#1#", 1499)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "m#f", "#1#", 10)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "m#f", "#1#", 1500)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "m#f", "#1#", 20)).isEqualTo(Outcome.LATE);
        close(windows, windows.eventTime());

        assertThat(lines).containsExactly("m#f m f_count=2 1000000000");
        assertThat(add(windows, "m#f", "#1#", 999)).isEqualTo(Outcome.LATE);
    }

    @Test
    void refusesWhatIsFarAheadOfTheClock() {
        rules.add(new AggregationConfig(List.of(COUNT), "m", List.of(), List.of()));
        WindowAggregator windows = aggregator(1000, 500);

        assertThat(windows.add(message("m#f", "#1#"), 3_600_001, 0, 0)).isEqualTo(Outcome.AHEAD);
        assertThat(windows.add(message("m#f", "#1#"), 3_600_000, 0, 0)).isEqualTo(Outcome.TAKEN);
    }

    @Test
    void doesNotLetAFastClockMakeOthersLate() {
        rules.add(new AggregationConfig(List.of(COUNT), "m", List.of(), List.of()));
        WindowAggregator windows = aggregator(1000, 500);

        assertThat(windows.add(message("m#f", "#1#"), 60_000, 0, 800)).isEqualTo(Outcome.TAKEN);
        assertThat(windows.add(message("m#f", "#1#"), 700, 0, 800)).isEqualTo(Outcome.TAKEN);
        assertThat(windows.eventTime()).isEqualTo(800);
    }

    @Test
    void leavesOutWhatNoAggregationWants() {
        rules.add(new AggregationConfig(List.of(COUNT), "m", List.of("!g"), List.of()));
        WindowAggregator windows = aggregator(1000, 0);

        assertThat(add(windows, "m#g", "#1#", 0)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "n#f", "#1#", 0)).isEqualTo(Outcome.TAKEN);

        assertThat(windows.openWindows()).isZero();
    }

    @Test
    void boundsTheSeries() {
        rules.add(new AggregationConfig(List.of(COUNT), "m", List.of(), List.of()));
        WindowAggregator windows =
                new WindowAggregator(new AggregationRules(rules), new Settings(1000, 0, FOREVER / 2, 2));

        assertThat(add(windows, "m#f", "t=1#1#", 0)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "m#f", "t=2#1#", 0)).isEqualTo(Outcome.TAKEN);
        assertThat(add(windows, "m#f", "t=3#1#", 0)).isEqualTo(Outcome.TOO_MANY_SERIES);
        for (int i = 1; i <= 12; i++) {
            add(windows, "m#f", "t=1#1#", 1000L * i);
            close(windows, windows.eventTime());
        }
        assertThat(add(windows, "m#f", "t=3#1#", 12_000)).isEqualTo(Outcome.TAKEN);
    }

    @Test
    void rebuildsTheSameWindowsByReadingAgain() {
        rules.add(new AggregationConfig(List.of(SUM, COUNT), "m", List.of(), List.of()));
        Random random = new Random(7);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            times.add(10L * i + random.nextInt(400));
        }
        WindowAggregator whole = aggregator(1000, 500);
        read(whole, times, 0, times.size());
        close(whole, FOREVER);
        List<String> expected = List.copyOf(lines);
        lines.clear();

        WindowAggregator first = aggregator(1000, 500);
        read(first, times, 0, 300);
        WindowAggregator second = aggregator(1000, 500);
        second.resume(first.closedBefore());
        long from = first.neededFrom(300);
        assertThat(from).isLessThan(300);
        read(second, times, (int) from, times.size());
        close(second, FOREVER);

        assertThat(lines).containsExactlyElementsOf(expected);
    }

    @Test
    void agreesWithAPlainComputationOverManySeries() {
        rules.add(new AggregationConfig(List.of(SUM, COUNT), "m", List.of(), List.of()));
        WindowAggregator windows = aggregator(1000, 1000);
        Map<String, long[]> expected = new TreeMap<>();
        Random random = new Random(11);
        for (int i = 0; i < 50_000; i++) {
            long time = (long) i / 10 + random.nextInt(1000);
            int host = random.nextInt(1000);
            int value = random.nextInt(1000);
            add(windows, "m#f", "host=h" + host + "#" + value + "#", time);
            long[] sum = expected.computeIfAbsent(
                    "m,host=h" + host + " " + (time / 1000 + 1) * 1_000_000_000L, ignored -> new long[2]);
            sum[0] += value;
            sum[1]++;
            if (i % 1000 == 0) {
                close(windows, windows.eventTime());
            }
        }
        close(windows, FOREVER);

        List<String> reference = new ArrayList<>();
        expected.forEach((key, sum) -> {
            String[] parts = key.split(" ", 2);
            reference.add(parts[0] + "#f " + parts[0] + " f_sum=" + sum[0] + ",f_count=" + sum[1] + " " + parts[1]);
        });
        Collections.sort(lines);
        Collections.sort(reference);
        assertThat(lines).isEqualTo(reference);
    }

    @Test
    void refusesAnAggregationWithoutFunction() {
        assertThatThrownBy(() -> new AggregationConfig(List.of(), "m", List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one of avg");
    }

    private void read(WindowAggregator windows, List<Long> times, int from, int to) {
        for (int offset = from; offset < to; offset++) {
            windows.add(message("m#f", "#" + offset + "#"), times.get(offset), offset, FOREVER / 2);
            close(windows, windows.eventTime());
        }
    }

    private WindowAggregator aggregator(long window, long grace) {
        return new WindowAggregator(new AggregationRules(rules), new Settings(window, grace, 3_600_000, 1_000_000));
    }

    private static Outcome add(WindowAggregator windows, String key, String value, long time) {
        return windows.add(message(key, value), time, 0, FOREVER / 2);
    }

    private boolean close(WindowAggregator windows, long until) {
        return windows.close(
                until,
                (key, line) -> lines.add(new String(key, StandardCharsets.UTF_8)
                        + " "
                        + new String(line, StandardCharsets.UTF_8).stripTrailing()));
    }

    private static InternalReader message(String key, String value) {
        InternalReader message = new InternalReader();
        message.single(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
        assertThat(message.next()).isTrue();
        assertThat(message.faulty()).isFalse();
        return message;
    }
}
