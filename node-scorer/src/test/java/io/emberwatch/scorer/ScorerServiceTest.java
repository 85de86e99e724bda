package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScorerServiceTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private final Answers answers = SmallModel.healthy();
    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);

    private String models = "";

    private ScorerService service() throws Exception {
        if (models.isEmpty()) {
            models = SmallModel.file(folder).toString();
        }
        ScorerConfig config = ConfigReader.parse(
                "scorer.yml",
                "model: " + models + "\ntextfile: " + folder.resolve("heat.prom") + "\n",
                ScorerConfig.class);
        return new ScorerService(config, new ServiceContext(clock, scheduler, folder, folder), answers);
    }

    private ScorerService started() throws Exception {
        ScorerService service = service();
        service.start();
        scheduler.advance(INTERVAL);
        return service;
    }

    @Test
    void beforeTheFirstRunItIsNotReadyAndShowsNoScore() throws Exception {
        ScorerService service = service();
        service.start();

        assertThat(service.notReady()).containsExactly("no score has been computed yet");
        assertThat(page(service))
                .contains("emberwatch_scorer_last_success_timestamp_seconds 0")
                .doesNotContain("_score{");
    }

    @Test
    void scoresAtEveryInterval() throws Exception {
        ScorerService service = started();

        assertThat(service.notReady()).isEmpty();
        assertThat(page(service))
                .contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 10\n")
                .contains("emberwatch_etcd_member_score{cluster=\"c\",instance=\"m1\"} 10\n")
                .contains("emberwatch_etcd_component_score{cluster=\"c\",component=\"disk\",instance=\"m1\"} 10\n")
                .contains("emberwatch_etcd_cluster_confidence{cluster=\"c\"} 1\n")
                .contains("# HELP etcd_score ", "# TYPE etcd_score gauge\n", "\netcd_score{cluster=\"c\"} 10\n")
                .contains("emberwatch_scorer_runs_total 1\n");

        scheduler.advance(INTERVAL.multipliedBy(4));

        assertThat(page(service)).contains("emberwatch_scorer_runs_total 5\n");
    }

    @Test
    void oneFailingQueryLeavesAScoreThatIsNeitherSureNorTheBest() throws Exception {
        answers.failing("wires", "too many samples");
        ScorerService service = started();

        assertThat(service.notReady()).isEmpty();
        assertThat(page(service))
                .contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 7.5\n")
                .contains("emberwatch_etcd_cluster_confidence{cluster=\"c\"} 0.6\n")
                .contains("emberwatch_scorer_unanswered_queries_total 1\n");
    }

    @Test
    void whenNothingAnswersTheLastScoresStandUntilTheyAreStale() throws Exception {
        ScorerService service = started();
        answers.down(true);

        scheduler.advance(Duration.ofSeconds(60));
        assertThat(service.notReady()).containsExactly("cannot read measurements: connection refused");
        assertThat(page(service)).contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 10\n");

        scheduler.advance(INTERVAL);
        assertThat(page(service))
                .doesNotContain("_score{")
                .contains("emberwatch_etcd_cluster_confidence{cluster=\"c\"} 0\n")
                .contains("emberwatch_etcd_member_confidence{cluster=\"c\",instance=\"m2\"} 0\n")
                .contains("emberwatch_scorer_up 0\n")
                .contains("emberwatch_scorer_last_success_timestamp_seconds "
                        + START.plus(INTERVAL).getEpochSecond())
                .contains("emberwatch_scorer_failures_total{reason=\"query\"} 5\n");
    }

    @Test
    void aClusterThatVanishesBesideOthersIsUnknownForAnHourAndThenForgotten() throws Exception {
        answers.series("present", 1, "cluster", "d", "instance", "m0")
                .series("disk", 0.001, "cluster", "d", "instance", "m0")
                .series("wires", 0, "cluster", "d", "instance", "m0");
        ScorerService service = started();
        assertThat(page(service)).contains("emberwatch_etcd_cluster_score{cluster=\"d\"} 10\n");

        answers.nothing("present");
        SmallModel.present(answers);
        scheduler.advance(Duration.ofMinutes(30));
        assertThat(service.notReady()).isEmpty();
        assertThat(page(service))
                .contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 10\n")
                .contains("emberwatch_etcd_cluster_confidence{cluster=\"d\"} 0\n")
                .doesNotContain("_score{cluster=\"d\"");

        scheduler.advance(Duration.ofMinutes(31));
        assertThat(page(service)).doesNotContain("cluster=\"d\"");
    }

    @Test
    void anAddressThatTurnsOutToBeNoMembersIsForgottenAtOnce() throws Exception {
        answers.nothing("present").series("present", 0, "instance", "127.0.0.1:9600");
        ScorerService service = started();
        assertThat(json(service)).contains("127.0.0.1:9600");

        answers.nothing("present");
        SmallModel.present(answers);
        scheduler.advance(INTERVAL);

        assertThat(json(service)).doesNotContain("127.0.0.1:9600").contains("\"cluster\":\"c\"");
    }

    @Test
    void severalModelsAreScoredSideBySideAndOneInTroubleDoesNotStopTheOthers() throws Exception {
        Path other = Files.writeString(
                folder.resolve("other.yml"),
                SmallModel.TEXT
                        .replace("name: small", "name: other")
                        .replace("emberwatch_etcd", "farm")
                        .replace("present", "barns"));
        models = SmallModel.file(folder) + ", " + other;
        ScorerService service = started();

        assertThat(json(service)).contains("no members were found; the model other looks for barns");
        assertThat(page(service)).contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 10\n");

        answers.member("barns", "m0", 1);
        scheduler.advance(INTERVAL);
        assertThat(json(service)).contains("\"trouble\":\"\"");
        assertThat(page(service)).contains("farm_cluster_score{cluster=\"c\"} 10\n");
    }

    @Test
    void whatIsToldBesideTheScoreIsShownWithIt() throws Exception {
        Path file = Files.writeString(
                folder.resolve("limited.yml"),
                SmallModel.TEXT + "limits: [{name: space, words: the space runs out, query: used, limit: 1}]\n");
        models = file.toString();
        long full = START.plus(Duration.ofHours(3)).getEpochSecond();
        answers.past(new Past(second -> 1 - (full - second) / 36_000.0));
        ScorerService service = started();
        assertThat(page(service)).doesNotContain("_time_to_space_seconds{");

        scheduler.advance(INTERVAL);

        assertThat(page(service))
                .contains("emberwatch_etcd_time_to_space_seconds{cluster=\"c\",instance=\"m0\"} 11")
                .contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 10\n");
        assertThat(json(service))
                .contains("\"reasons\":[\"m0: the space runs out in 3 h 5")
                .contains("\"reasons\":[\"the space runs out in 3 h 5");
    }

    @Test
    void whatTakesWeeksToLearnIsKnownAMinuteAndAHalfAfterAStartAndLookedAtEveryFiveMinutes() throws Exception {
        Path file = Files.writeString(
                folder.resolve("habitual.yml"), SmallModel.TEXT + "habits: [{name: disk, words: it, query: disk}]\n");
        models = file.toString();
        Past past = new Past(second -> Math.exp(
                0.8 * Math.sin(second / 86_400.0 * 2 * Math.PI) + 0.3 * new SplittableRandom(second).nextDouble()));
        answers.past(past);
        ScorerService service = started();

        scheduler.advance(INTERVAL.multipliedBy(5));

        assertThat(page(service)).contains("emberwatch_etcd_usual_ratio{").contains("emberwatch_etcd_forecast{");
        assertThat(past.asked()).as("days, and the step that came since").hasSize(14 + 1);
        past.asked().clear();

        scheduler.advance(Duration.ofMinutes(10));

        assertThat(past.asked()).as("one step each time").containsExactly(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void whatDoesNotAnswerIsAskedForThePastEveryFiveMinutesOnly() throws Exception {
        Path file = Files.writeString(
                folder.resolve("habitual.yml"), SmallModel.TEXT + "habits: [{name: disk, words: it, query: disk}]\n");
        models = file.toString();
        Past past = new Past(second -> 1);
        past.down(true);
        answers.past(past);
        started();

        scheduler.advance(Duration.ofMinutes(10));

        assertThat(past.asked()).hasSize(3);
    }

    @Test
    void reloadTakesUpAChangedModelAndKeepsTheOldOneWhenItIsBroken() throws Exception {
        ScorerService service = started();
        Path file = folder.resolve("small.yml");

        Files.writeString(file, "name: [");
        assertThatThrownBy(service::reload).isInstanceOf(IOException.class).hasMessageContaining("small.yml:1");
        scheduler.advance(INTERVAL);
        assertThat(page(service)).contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 10\n");

        Files.writeString(file, SmallModel.TEXT.replace("at: 0.01", "at: 0.0001"));
        service.reload();
        scheduler.advance(INTERVAL);
        assertThat(page(service))
                .contains("emberwatch_etcd_component_score{cluster=\"c\",component=\"disk\",instance=\"m0\"} 7.5\n");
    }

    @Test
    void itRecoversByItself() throws Exception {
        answers.down(true);
        ScorerService service = started();
        answers.down(false);
        scheduler.advance(INTERVAL);

        assertThat(service.notReady()).isEmpty();
        assertThat(page(service)).contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 10\n");
    }

    @Test
    void withoutMembersItSaysWhatItLookedFor() throws Exception {
        answers.nothing("present");
        ScorerService service = started();

        assertThat(service.notReady())
                .as("there is nothing to score, which is no fault")
                .isEmpty();
        assertThat(json(service)).contains("no members were found; the model small looks for present");
        assertThat(page(service)).contains("emberwatch_scorer_failures_total{reason=\"no_members\"} 1\n");
    }

    @Test
    void thatThereIsNothingToScoreIsSaidOnceAndWarnsNobody() throws Exception {
        answers.nothing("present");
        Logger log = Logger.getLogger("scorer");
        List<LogRecord> said = new ArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord told) {
                said.add(told);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(listener);
        try {
            started();
            scheduler.advance(INTERVAL.multipliedBy(20));
        } finally {
            log.removeHandler(listener);
        }
        assertThat(said).singleElement().satisfies(told -> {
            assertThat(told.getMessage()).startsWith("no members were found");
            assertThat(told.getLevel()).isEqualTo(Level.INFO);
        });
    }

    @Test
    void theTextfileIsTheSamePageAndIsNeverEmpty() throws Exception {
        ScorerService service = started();
        Path file = folder.resolve("heat.prom");
        assertThat(file).content().isEqualTo(page(service));

        answers.down(true);
        for (int run = 0; run < 8; run++) {
            scheduler.advance(INTERVAL);
            assertThat(file)
                    .content()
                    .contains("emberwatch_scorer_last_success_timestamp_seconds")
                    .endsWith("\n");
        }
        assertThat(file).content().doesNotContain("_score{");
    }

    @Test
    void aTextfileThatCannotBeWrittenIsCountedAndDoesNotStopTheScores() throws Exception {
        Files.createDirectories(folder.resolve("heat.prom/in-the-way"));
        ScorerService service = started();

        assertThat(page(service))
                .contains("emberwatch_etcd_cluster_score{cluster=\"c\"} 10\n")
                .contains("emberwatch_scorer_failures_total{reason=\"textfile\"} 1\n");
    }

    @Test
    void onceGivesTheScoresOrTheReasonThatThereAreNone() throws Exception {
        assertThat(service().once())
                .extracting(MetricFamily::name)
                .contains("emberwatch_etcd_cluster_score", "etcd_score");

        answers.down(true);
        ScorerService down = service();
        assertThatThrownBy(down::once)
                .isInstanceOf(IOException.class)
                .hasMessage("cannot read measurements: connection refused");

        answers.down(false).nothing("present");
        ScorerService empty = service();
        assertThatThrownBy(empty::once)
                .isInstanceOf(IOException.class)
                .hasMessage("no members were found; the model small looks for present");
    }

    @Test
    void onceLooksAtLimitsToo() throws Exception {
        models = Files.writeString(
                        folder.resolve("limited.yml"),
                        SmallModel.TEXT + "limits: [{name: space, words: the space runs out, query: used, limit: 1}]\n")
                .toString();
        long full = START.plus(Duration.ofHours(3)).getEpochSecond();
        answers.past(new Past(second -> 1 - (full - second) / 36_000.0));

        assertThat(service().once())
                .extracting(MetricFamily::name)
                .contains("emberwatch_etcd_cluster_score", "emberwatch_etcd_time_to_space_seconds");
    }

    @Test
    void afterStopItScoresNoMore() throws Exception {
        ScorerService service = started();
        service.stop();
        scheduler.advance(INTERVAL.multipliedBy(3));

        assertThat(page(service)).contains("emberwatch_scorer_runs_total 1\n");
    }

    @Test
    void stoppingWhatNeverStartedIsHarmless() throws Exception {
        service().stop();
    }

    private static String json(ScorerService service) throws Exception {
        try (HttpServer server = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), service.routes())) {
            URI address = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/scores");
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static String page(ScorerService service) {
        List<MetricFamily> families = service.metrics();
        return ExpositionWriter.toText(families, TextFormat.PROMETHEUS_0_0_4);
    }
}
