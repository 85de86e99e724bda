package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.delivery.Dispatcher;
import io.emberwatch.bridge.delivery.Inlet;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.outbox.Quiet;
import io.emberwatch.bridge.outbox.Received;
import io.emberwatch.bridge.outbox.Taken;
import io.emberwatch.bridge.route.Routes;
import io.emberwatch.model.Labels;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.emberwatch.testkit.mattermost.BotPost;
import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import io.emberwatch.testkit.mattermost.Post;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Much at once, over the channels as they are configured by default, on a clock that stands still. */
class StormTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private MattermostStub mattermost;
    private Outbox outbox;
    private Dispatcher dispatcher;
    private Inlet inlet;

    @BeforeEach
    void startMattermost() throws IOException {
        mattermost = MattermostStub.start().bot("s3cret");
        mattermost.channel("alerts");
    }

    @AfterEach
    void stop() {
        dispatcher.stop();
        outbox.close();
        mattermost.close();
    }

    private void start(String yaml) throws IOException {
        BridgeConfig config = Fixture.config(yaml);
        BridgeMetrics metrics = new BridgeMetrics(new CollectorRegistry());
        outbox = Outbox.open(
                new Outbox.Options(folder, 64 << 20, config.dedup(), config.calm(), Quiet.NEVER),
                metrics,
                clock.instant());
        dispatcher = new Dispatcher(
                outbox,
                Channels.of(config, clock, metrics).lines(),
                config.retry(),
                new Dispatcher.Machinery(clock, scheduler, Runnable::run, new Random(1)),
                metrics);
        inlet = new Inlet(
                outbox,
                dispatcher,
                new Inlet.Ways(new Routes(List.of(), config.otherwise()), config.fallback()),
                clock,
                metrics);
        dispatcher.start();
    }

    private String bot() {
        return """
                mattermost:
                  - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts}
                """.formatted(mattermost.server());
    }

    private void take(String name, boolean firing) throws OutboxException {
        Notification notification = notification(name, firing);
        inlet.take("webhook", notification, Payload.of(WebhookJson.write(notification)));
    }

    // Those from one number to below another, at the same moment.
    private void takeAtOnce(int from, int to) throws OutboxException {
        List<CompletableFuture<Taken>> answers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Notification notification = notification("Ill" + i, true);
            answers.add(outbox.take(new Received(
                    "webhook",
                    notification,
                    Payload.of(WebhookJson.write(notification)),
                    "Ill" + i,
                    List.of("chat"),
                    clock.instant())));
        }
        for (CompletableFuture<Taken> answer : answers) {
            dispatcher.queued(Outbox.await(answer).waiting());
        }
    }

    private static Notification notification(String name, boolean firing) {
        Labels labels = Labels.of(
                "alertname",
                name,
                "cluster",
                "prod",
                "instance",
                "host-of-" + name + ".example",
                "severity",
                "warning");
        NotifiedAlert alert = Samples.alert(firing, labels, Labels.of("summary", name + " is ill"));
        return new Notification("team", name, Labels.of("alertname", name), List.of(alert), 0, "", "");
    }

    @Test
    void aThousandGroupsAgainstALimitOfTenASecondAreAllToldWithoutAnotherRefusal() throws IOException {
        mattermost.limitRate(10, 100, () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
        start("""
                mattermost: [{name: chat, url: "%s"}]
                calm: {storm_incidents: 1000000}
                """.formatted(mattermost.url("alerts")));
        takeAtOnce(0, 1000);
        scheduler.advance(Duration.ofSeconds(1));
        int refused = mattermost.answers().getOrDefault(429, 0);
        scheduler.advance(Duration.ofMinutes(2));
        assertThat(mattermost.posts().stream().map(Post::everything).distinct()).hasSize(1000);
        assertThat(mattermost.posts()).hasSize(1000);
        assertThat(mattermost.answers().getOrDefault(429, 0)).isEqualTo(refused);
        assertThat(outbox.archive().deadLetters(true, 1)).isEmpty();
    }

    @Test
    void aServerThatAsksForAPauseGetsItAndNothingIsLost() throws IOException {
        mattermost.limitRate(10, 100, () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
        start("""
                mattermost: [{name: chat, url: "%s", rate_per_second: 1000, burst: 1000}]
                calm: {storm_incidents: 1000000}
                """.formatted(mattermost.url("alerts")));
        takeAtOnce(0, 300);
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(mattermost.posts()).hasSize(300);
        assertThat(mattermost.answers().get(429))
                .as("each refusal is followed by the pause that was asked for")
                .isBetween(1, 25);
    }

    @Test
    void twoThousandGroupsAMinuteAreAtMostTwentyPostsAMinuteThatListAll() throws IOException {
        start(bot());
        for (int i = 0; i < 2000; i += 50) {
            takeAtOnce(i, i + 50);
            scheduler.advance(Duration.ofMillis(1500));
        }
        assertThat(mattermost.botPosts().size())
                .as("posts in the first minute, those that continue others too")
                .isLessThanOrEqualTo(20);
        scheduler.advance(Duration.ofMinutes(1));
        String all = mattermost.botPosts().stream().map(BotPost::everything).collect(Collectors.joining("\n"));
        for (int i = 0; i < 2000; i++) {
            assertThat(all).contains("host-of-Ill" + i + ".example");
        }
        System.out.println("POSTS " + mattermost.botPosts().size() + " roots "
                + mattermost.roots().size());
    }

    @Test
    void anOutageOfTenMinutesWithFiveHundredFlapsIsOneMessageForEachIncident() throws IOException {
        start(bot() + "calm: {storm_incidents: 1000}\n");
        mattermost.otherwise(() -> Fault.answer(503));
        for (int i = 0; i < 500; i++) {
            take("Ill" + i % 5, i / 5 % 2 == 0);
            scheduler.advance(Duration.ofMillis(1200));
        }
        mattermost.otherwise(() -> Fault.NONE);
        scheduler.advance(Duration.ofMinutes(20));
        assertThat(mattermost.botPosts())
                .hasSize(5)
                .allMatch(post -> post.everything().contains("[RESOLVED]"));
    }
}
