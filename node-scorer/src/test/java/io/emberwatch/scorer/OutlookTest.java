package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.scorer.Measurements.Member;
import io.emberwatch.service.config.ConfigReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class OutlookTest {
    private static final Instant NOW = Instant.parse("2026-03-04T14:02:30Z");
    private static final Duration STEP = Duration.ofMinutes(5);
    private static final String LIMIT = """
            limits:
              - {name: space, words: the space runs out, query: used, limit: 1}
            """;
    private static final String HABIT = """
            habits:
              - {name: disk, words: the disk's time, unit: seconds, query: disk}
            """;

    private static Outlook outlook(String told, Past past) throws Exception {
        ScoreModel model = ConfigReader.parse("small.yml", SmallModel.TEXT + told, ScoreModel.class);
        return new Outlook(model, past);
    }

    private static List<String> reasons(Outlook.View view) {
        return view.reasons().getOrDefault(new Member(Labels.of("cluster", "c"), "m0"), List.of());
    }

    private static String page(Outlook.View view) {
        return ExpositionWriter.toText(view.families(), TextFormat.PROMETHEUS_0_0_4);
    }

    private static double growing(long second) {
        double hours = (second - NOW.getEpochSecond()) / 3600.0;
        return 0.8 + 0.05 * hours + 0.02 * noise(second);
    }

    @Test
    void tellsWhenALimitIsReached() throws Exception {
        Outlook.View view = outlook(LIMIT, new Past(OutlookTest::growing)).look(NOW);

        assertThat(reasons(view))
                .singleElement()
                .asString()
                .matches("the space runs out in (3 h 5\\d min|4 h( \\d min)?) \\(3 h \\d+ min to 4 h \\d+ min\\)");
        assertThat(page(view))
                .contains("emberwatch_etcd_time_to_space_seconds{cluster=\"c\",instance=\"m0\"} 1")
                .contains("emberwatch_etcd_time_to_space_earliest_seconds{");
    }

    @Test
    void whatStandsStillNeverReachesItsLimitAndIsNotSpokenOf() throws Exception {
        Outlook.View view = outlook(LIMIT, new Past(second -> 0.5 + 0.001 * (second / 300 % 3)))
                .look(NOW);

        assertThat(reasons(view)).isEmpty();
        assertThat(page(view)).contains("_time_to_space_seconds{cluster=\"c\",instance=\"m0\"} +Inf\n");
    }

    @Test
    void whatIsThereIsThereNow() throws Exception {
        Outlook.View view =
                outlook(LIMIT, new Past(second -> 1.1 + 1e-9 * second)).look(NOW);

        assertThat(page(view)).contains("_time_to_space_seconds{cluster=\"c\",instance=\"m0\"} 0\n");
    }

    private static double noise(long second) {
        return new SplittableRandom(second).nextDouble() - 0.5;
    }

    private static double usual(long second) {
        double hour = second % 86_400 / 3600.0;
        return 0.004 * StrictMath.exp(0.8 * StrictMath.sin(hour / 24 * 2 * Math.PI) + 0.3 * noise(second));
    }

    private static Outlook.View settled(Outlook outlook) {
        Outlook.View view = Outlook.View.NOTHING;
        for (int look = 12; look >= 0; look--) {
            view = outlook.look(NOW.minus(STEP.multipliedBy(look)));
        }
        return view;
    }

    @Test
    void theUsualIsNotWorthAWordButAForecast() throws Exception {
        Outlook.View view = settled(outlook(HABIT, new Past(OutlookTest::usual)));

        assertThat(reasons(view)).isEmpty();
        assertThat(value(view, "usual_ratio")).isBetween(0.7, 1.4);
        assertThat(value(view, "forecast")).isBetween(0.0005, 0.01);
        assertThat(page(view))
                .containsPattern("forecaster=\"(profile|holt-winters|arima)\"")
                .containsPattern("forecast\\{.*horizon=\"1h\".*quantile=\"0.99\"")
                .doesNotContain("unusual_since");
        assertThat(value(view, "anomaly_score")).isBetween(0.0, 0.9);
    }

    @Test
    void tellsSinceWhenSomethingIsOutOfTheUsualAndHowFar() throws Exception {
        long began = Instant.parse("2026-03-04T02:10:00Z").getEpochSecond();
        Past past = new Past(second -> usual(second) * (second >= began ? 3.1 : 1));

        Outlook.View view = settled(outlook(HABIT, past));

        assertThat(reasons(view))
                .singleElement()
                .asString()
                .matches(
                        "since 02:(0|1)\\d UTC the disk's time is (2\\.9|3|3\\.\\d) times its usual for the hour of a working day");
        assertThat(value(view, "usual_ratio")).isBetween(2.0, 4.5);
        assertThat(value(view, "anomaly_score")).isBetween(1.0, 2.0);
        assertThat(value(view, "unusual_since_timestamp_seconds")).isBetween(began - 600.0, began + 600.0);
    }

    @Test
    void thePastIsReadOnceAndInPieces() throws Exception {
        Past past = new Past(OutlookTest::usual);
        Outlook outlook = outlook(HABIT, past);
        outlook.look(NOW.minus(STEP.multipliedBy(6)));
        assertThat(past.asked())
                .hasSize(HabitWatch.DAYS_A_LOOK)
                .allSatisfy(span -> assertThat(span).isLessThanOrEqualTo(Duration.ofDays(1)));
        for (int look = 5; look >= 1; look--) {
            outlook.look(NOW.minus(STEP.multipliedBy(look)));
        }
        past.asked().clear();

        outlook.look(NOW);

        assertThat(past.asked()).as("one new value").containsExactly(Duration.ZERO);
    }

    @Test
    void afterASilenceWhatWasMissedIsReadAgain() throws Exception {
        Past past = new Past(OutlookTest::usual);
        Outlook outlook = outlook(HABIT, past);
        settled(outlook);
        past.down(true);
        assertThat(outlook.look(NOW.plus(STEP)).unanswered()).containsExactly("disk: connection refused");
        past.down(false);
        past.asked().clear();

        assertThat(value(outlook.look(NOW.plus(STEP.multipliedBy(3))), "usual_ratio"))
                .isPositive();
        assertThat(past.asked()).containsExactly(STEP.multipliedBy(2));
    }

    @Test
    void tooShortAPastHasNoUsual() throws Exception {
        long first = NOW.getEpochSecond() - 2 * 86_400;
        Outlook.View view = settled(outlook(HABIT, new Past(second -> second < first ? Double.NaN : usual(second))));

        assertThat(view.families()).isEmpty();
    }

    @Test
    void whatNobodyForetellsBetterThanChanceIsNotForecast() throws Exception {
        long first = NOW.getEpochSecond() - 16 * 86_400;
        double[] walk = new double[17 * 288];
        for (int i = 1; i < walk.length; i++) {
            walk[i] = walk[i - 1] + 0.2 * noise(i);
        }
        Past past = new Past(second -> 0.004 * StrictMath.exp(walk[(int) Math.max(0, (second - first) / 300)]));

        Outlook.View view = settled(outlook(HABIT, past));

        assertThat(page(view)).contains("emberwatch_etcd_usual_ratio{").doesNotContain("emberwatch_etcd_forecast");
    }

    @Test
    void theNetworkIsNotUsedUnasked() throws Exception {
        assertThat(Models.load("etcd").habits())
                .isNotEmpty()
                .allSatisfy(habit -> assertThat(habit.forecasters()).doesNotContain("lstm"));
    }

    @Test
    void whatHasBeenSilentForADayIsForgotten() throws Exception {
        long last = NOW.getEpochSecond() - 90_000;
        Outlook.View view = settled(outlook(HABIT, new Past(second -> second > last ? Double.NaN : usual(second))));

        assertThat(view.families()).isEmpty();
    }

    private static double value(Outlook.View view, String name) {
        return view.families().stream()
                .filter(family -> family.name().equals("emberwatch_etcd_" + name))
                .map(MetricFamily::points)
                .flatMap(List::stream)
                .toList()
                .get(0)
                .value();
    }
}
