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
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.DedupPolicy;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.route.Routes;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dispatcher on a clock that stands still, its deliveries on the test's own thread. */
class DispatcherTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private final ManualClock clock = new ManualClock(START);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final BridgeMetrics metrics = new BridgeMetrics(new CollectorRegistry());
    private final Scripted channel = new Scripted();
    private Outbox outbox;
    private Dispatcher dispatcher;
    private Inlet inlet;

    /** Says what it is told to say, and remembers what it was given. */
    private final class Scripted implements Channel {
        private final Deque<Outcome> script = new ArrayDeque<>();
        private final List<String> calls = new ArrayList<>();
        private Outcome otherwise = Outcome.Delivered.of("200");

        @Override
        public String name() {
            return "chat";
        }

        @Override
        public Outcome deliver(Message message) {
            Message.Alerts alerts = (Message.Alerts) message.content();
            calls.add("+" + Duration.between(START, clock.instant()).toSeconds() + "s "
                    + alerts.alerts().get(0).name() + " seq "
                    + message.incident().seq() + " attempt "
                    + message.attempt().number()
                    + (alerts.isFiring() ? " firing" : " resolved")
                    + (message.attempt().progress() == null
                            ? ""
                            : " " + message.attempt().progress()));
            Outcome next = script.poll();
            return next == null ? otherwise : next;
        }

        @Override
        public String preview(Message message) {
            return "";
        }
    }

    @BeforeEach
    void start() throws IOException {
        outbox = Outbox.open(
                new Outbox.Options(folder, 64 << 20, new DedupPolicy(Duration.ofMinutes(30), true)),
                metrics,
                clock.instant());
        // No jitter: the generator always says 0.
        Random random = new Random() {
            @Override
            public double nextDouble() {
                return 0;
            }
        };
        dispatcher = new Dispatcher(
                outbox,
                List.of(new Dispatcher.Line(channel, 4)),
                new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(10)),
                new Dispatcher.Machinery(clock, scheduler, Runnable::run, random),
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

    private void take(NotifiedAlert alert) throws OutboxException {
        Notification notification = new Notification(
                "team", alert.name(), alert.labels().keeping(List.of("alertname")), List.of(alert), 0, "", "");
        inlet.take("webhook", notification, Payload.of(WebhookJson.write(notification)));
    }

    @Test
    void whatComesIsDeliveredAtOnceAndInOrder() throws IOException {
        take(Samples.firing("A", "1"));
        take(Samples.firing("B", "1"));
        take(Samples.resolved("A", "1"));
        assertThat(channel.calls)
                .containsExactly(
                        "+0s A seq 0 attempt 1 firing",
                        "+0s B seq 0 attempt 1 firing",
                        "+0s A seq 1 attempt 1 resolved");
    }

    @Test
    void aFailedMessageIsTriedAgainLaterAndLaterWhileOthersGoOn() throws IOException {
        channel.script.addAll(List.of(
                Outcome.Retry.message("500", "why"),
                Outcome.Retry.message("500", "why"),
                Outcome.Retry.message("500", "why").after(Duration.ofSeconds(30))));
        take(Samples.firing("A", "1"));
        scheduler.advance(Duration.ofMillis(1500));
        scheduler.advance(Duration.ofMinutes(1));
        take(Samples.firing("B", "1"));
        assertThat(channel.calls)
                .containsExactly(
                        "+0s A seq 0 attempt 1 firing",
                        "+1s A seq 0 attempt 2 firing",
                        "+3s A seq 0 attempt 3 firing",
                        "+33s A seq 0 attempt 4 firing",
                        "+61s B seq 0 attempt 1 firing");
    }

    @Test
    void aChannelThatFailsIsAskedByOneMessageAtATime() throws IOException {
        channel.otherwise = Outcome.Retry.channel("connect", "nobody there");
        for (int i = 0; i < 50; i++) {
            take(Samples.firing("A" + i, "1"));
        }
        assertThat(channel.calls).hasSize(1);
        assertThat(dispatcher.failing()).containsExactly("chat");
        scheduler.advance(Duration.ofSeconds(64));
        assertThat(channel.calls).as("after 0, 1, 3, 7, 15, 31 and 63 seconds").hasSize(7);
        channel.otherwise = Outcome.Delivered.of("200");
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(channel.calls).hasSize(7 + 50);
        assertThat(dispatcher.failing()).isEmpty();
    }

    @Test
    void fireAndResolveDuringAnOutageAreOneMessage() throws IOException {
        channel.otherwise = Outcome.Retry.channel("503", "busy");
        take(Samples.firing("A", "1"));
        take(Samples.resolved("A", "1"));
        channel.calls.clear();
        channel.otherwise = Outcome.Delivered.of("200");
        scheduler.advance(Duration.ofMinutes(2));
        assertThat(channel.calls).containsExactly("+1s A seq 1 attempt 2 resolved");
    }

    @Test
    void fiveHundredFlapsDuringAnOutageOfTenMinutesAreOneMessage() throws IOException {
        channel.otherwise = Outcome.Retry.channel("503", "busy");
        for (int i = 0; i < 500; i++) {
            take(i % 2 == 0 ? Samples.firing("A", "1") : Samples.resolved("A", "1"));
            scheduler.advance(Duration.ofMillis(1100));
        }
        channel.calls.clear();
        channel.otherwise = Outcome.Delivered.of("200");
        scheduler.advance(Duration.ofMinutes(2));
        assertThat(channel.calls).hasSize(1);
        assertThat(channel.calls.get(0)).contains("resolved");
    }

    @Test
    void theNewestStateDecidesWhenAMessageIsGivenUp() throws IOException {
        channel.otherwise = Outcome.Retry.message("500", "why");
        take(Samples.firing("A", "1"));
        scheduler.advance(Duration.ofMinutes(9));
        take(Samples.resolved("A", "1"));
        scheduler.advance(Duration.ofMinutes(9));
        assertThat(outbox.archive().deadLetters(false, 10)).isEmpty();
        scheduler.advance(Duration.ofMinutes(2));
        assertThat(outbox.archive().deadLetters(false, 10))
                .extracting(Archive.DeadLetter::reason)
                .containsExactly("given up after 10m: why");
        int before = channel.calls.size();
        scheduler.advance(Duration.ofHours(1));
        assertThat(channel.calls).hasSize(before);
    }

    @Test
    void partsAreDeliveredOneAfterTheOtherWithoutDelay() throws IOException {
        channel.script.addAll(List.of(
                new Outcome.Progressed("200", "1"),
                new Outcome.Progressed("200", "2"),
                Outcome.Retry.message("500", "why").withProgress("2")));
        take(Samples.firing("A", "1"));
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(channel.calls)
                .containsExactly(
                        "+0s A seq 0 attempt 1 firing",
                        "+0s A seq 0 attempt 1 firing 1",
                        "+0s A seq 0 attempt 1 firing 2",
                        "+1s A seq 0 attempt 2 firing 2");
    }

    @Test
    void aSlowMailboxDoesNotHoldUpTheNextState() throws IOException {
        channel.script.add(new Outcome.Delivered("250", "root", List.of(), "grey@example.com"));
        channel.script.add(Outcome.Delivered.of("250"));
        take(Samples.firing("A", "1"));
        take(Samples.resolved("A", "1"));
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(channel.calls)
                .containsExactly(
                        "+0s A seq 0 attempt 1 firing",
                        "+0s A seq 1 attempt 1 resolved",
                        "+1s A seq 0 attempt 2 firing grey@example.com");
    }

    @Test
    void whatAnotherProcessQueuesIsFoundSoon() throws IOException {
        channel.script.add(new Outcome.Rejected("400", "no"));
        take(Samples.firing("A", "1"));
        Outbox.await(outbox.replay(
                outbox.archive().deadLetters(false, 1).get(0).id(), new Outbox.Asker("anne", "cli"), clock.instant()));
        assertThat(channel.calls).hasSize(1);
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(channel.calls).hasSize(2);
    }
}
