package io.emberwatch.bridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.MemoryFolder;
import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.CalmPolicy;
import io.emberwatch.bridge.outbox.DedupPolicy;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.outbox.Quiet;
import io.emberwatch.bridge.route.Routes;
import io.emberwatch.model.Labels;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storms, flapping and quiet hours on a clock that stands still. */
class CalmTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<Message> told = new ArrayList<>();
    private Outbox outbox;
    private Dispatcher dispatcher;
    private Inlet inlet;

    private void start(CalmPolicy calm, Quiet quiet) throws IOException {
        BridgeMetrics metrics = new BridgeMetrics(new CollectorRegistry());
        outbox = Outbox.open(
                new Outbox.Options(folder, 64 << 20, new DedupPolicy(Duration.ofMinutes(30), true), calm, quiet),
                metrics,
                clock.instant());
        Channel channel = new Channel() {
            @Override
            public String name() {
                return "chat";
            }

            @Override
            public Outcome deliver(Message message) {
                told.add(message);
                return Outcome.Delivered.of(
                        "200", "post-of-" + message.incident().id());
            }

            @Override
            public String preview(Message message) {
                return "";
            }
        };
        dispatcher = new Dispatcher(
                outbox,
                List.of(new Dispatcher.Line(channel, 4)),
                new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(10)),
                new Dispatcher.Machinery(clock, scheduler, Runnable::run, new Random(1)),
                metrics);
        inlet = new Inlet(
                outbox,
                dispatcher,
                new Inlet.Ways(new Routes(List.of(), List.of("chat")), List.of("chat")),
                clock,
                metrics);
        dispatcher.start();
    }

    @AfterEach
    void stop() {
        dispatcher.stop();
        outbox.close();
    }

    private void take(String name, String severity, boolean firing) throws OutboxException {
        Labels labels = Labels.of("alertname", name, "instance", "of-" + name, "severity", severity);
        NotifiedAlert alert = Samples.alert(firing, labels, Labels.EMPTY);
        Notification notification =
                new Notification("team", name, Labels.of("alertname", name), List.of(alert), 0, "", "");
        inlet.take("webhook", notification, Payload.of(WebhookJson.write(notification)));
    }

    @Test
    void aStormOfTwoThousandGroupsAMinuteIsFewPostsThatListAllAndCriticalOnesStandAlone() throws IOException {
        start(
                new CalmPolicy(10, Duration.ofSeconds(15), 0, Duration.ofMinutes(10), Duration.ofMinutes(5)),
                Quiet.NEVER);
        for (int i = 0; i < 2000; i++) {
            take("Ill" + i, i % 400 == 399 ? "critical" : "warning", true);
            scheduler.advance(Duration.ofMillis(30));
        }
        scheduler.advance(Duration.ofSeconds(30));
        Set<String> listed = new HashSet<>();
        long critical = 0;
        for (Message message : told) {
            if (message.content() instanceof Message.Digest digest) {
                digest.incidents().forEach(brief -> listed.add(brief.name()));
            } else if (message.content() instanceof Message.Alerts alerts) {
                listed.add(alerts.alerts().get(0).name());
                critical += alerts.severity() == Severity.CRITICAL ? 1 : 0;
            }
        }
        assertThat(listed).hasSize(2000);
        assertThat(critical).isEqualTo(5);
        assertThat(told.size() - critical).isLessThanOrEqualTo(20);
        told.clear();
        take("Ill1000", "warning", false);
        scheduler.advance(Duration.ofSeconds(15));
        assertThat(told).singleElement().satisfies(message -> {
            assertThat(message.content()).isInstanceOf(Message.Digest.class);
            assertThat(((Message.Digest) message.content()).incidents().get(0).resolved())
                    .isEqualTo(1);
        });
    }

    @Test
    void aGroupThatGoesOnAndOffIsOneIncidentWithAnHonestCount() throws IOException {
        start(
                new CalmPolicy(1000, Duration.ofSeconds(15), 3, Duration.ofMinutes(10), Duration.ofMinutes(5)),
                Quiet.NEVER);
        for (int i = 0; i < 60; i++) {
            take("Flap", "warning", i % 2 == 0);
            scheduler.advance(Duration.ofSeconds(30));
        }
        assertThat(told.size()).as("30 minutes, 60 changes").isLessThan(15);
        Message last = told.get(told.size() - 1);
        assertThat(last.standing().flaps()).isGreaterThan(3);
        assertThat(told.stream().map(message -> message.incident().id()).distinct())
                .as("the first three returns are incidents of their own")
                .hasSize(3);
        int states = told.stream()
                .map(message -> (Message.Alerts) message.content())
                .mapToInt(alerts -> alerts.tally().states())
                .sum();
        scheduler.advance(Duration.ofMinutes(6));
        assertThat(states).as("no change is hidden").isGreaterThanOrEqualTo(50);
        told.clear();
        scheduler.advance(Duration.ofMinutes(10));
        take("Flap", "warning", true);
        assertThat(told).as("after a rest it is told at once").hasSize(1);
        assertThat(told.get(0).standing().flaps()).isZero();
    }

    @Test
    void quietHoursHoldTheMildAndLetTheCriticalThrough() throws IOException {
        Instant morning = START.plus(Duration.ofHours(8));
        start(
                CalmPolicy.NONE,
                (channel, severity, now) -> severity != Severity.CRITICAL && now.isBefore(morning) ? morning : now);
        take("Mild", "warning", true);
        take("Mild", "warning", false);
        take("Bad", "critical", true);
        assertThat(told).hasSize(1);
        scheduler.advance(Duration.ofHours(9));
        assertThat(told).hasSize(2);
        assertThat(((Message.Alerts) told.get(1).content()).tally().states()).isEqualTo(2);
    }

    @Test
    void whatGetsWorseInQuietHoursIsToldAtOnce() throws IOException {
        Instant morning = START.plus(Duration.ofHours(8));
        start(
                CalmPolicy.NONE,
                (channel, severity, now) -> severity != Severity.CRITICAL && now.isBefore(morning) ? morning : now);
        take("Bad", "warning", true);
        take("Bad", "critical", true);
        assertThat(told).hasSize(1);
    }
}
