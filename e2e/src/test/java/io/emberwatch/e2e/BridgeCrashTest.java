package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program killed again and again while notifications pour in and Mattermost answers with errors, resets or not at all:
 * every acknowledged notification is one post. {@code -Demberwatch.crash.kills=100
 * -Demberwatch.crash.notifications=10000 -Demberwatch.crash.posts=200} is the long version.
 */
final class BridgeCrashTest {
    private static final int KILLS = Integer.getInteger("emberwatch.crash.kills", 10);
    private static final int NOTIFICATIONS = Integer.getInteger("emberwatch.crash.notifications", 1000);
    private static final int POSTS = Integer.getInteger("emberwatch.crash.posts", 20);
    private static final int AT_ONCE = 10;
    private static final int SENDERS = 6;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger allowed = new AtomicInteger();
    private final int port;

    BridgeCrashTest() throws IOException {
        port = Peers.freePort();
    }

    @Test
    void nothingThatWasAcknowledgedIsLostAndNothingIsPostedTwice() throws Exception {
        try (MattermostStub chat = MattermostStub.start().bot("s3cret")) {
            chat.channel("alerts");
            Files.writeString(folder.resolve("emberwatch.yml"), """
                    bridge:
                      mattermost:
                        - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts, timeout: 400ms,
                           rate_per_second: 2000, burst: 2000}
                      retry: {min_backoff: 20ms, max_backoff: 200ms}
                      calm: {storm_incidents: 1000000}
                    """.formatted(chat.server()));
            chat.otherwise(BridgeCrashTest::fault);
            ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
            for (int i = 0; i < SENDERS; i++) {
                senders.execute(this::send);
            }
            killAgainAndAgain();
            try (ServerProcess bridge = start()) {
                allowed.set(NOTIFICATIONS);
                senders.shutdown();
                assertThat(senders.awaitTermination(4, TimeUnit.MINUTES)).isTrue();
                chat.otherwise(() -> Fault.NONE);
                Peers.await(
                        "all is posted",
                        Duration.ofMinutes(4),
                        () -> CrashPosts.of(chat).size() >= NOTIFICATIONS);
                awaitNothingWaits();
                assertThat(bridge.isAlive()).isTrue();
            }
            Map<String, Integer> posts = CrashPosts.of(chat);
            assertThat(posts).as("none is lost").hasSize(NOTIFICATIONS);
            assertThat(posts.values()).as("none is doubled").allMatch(count -> count == 1);
            System.out.printf(
                    "crash test: %d notifications, %d kills, answers of the stub %s, lost 0, doubled 0%n",
                    NOTIFICATIONS, KILLS, chat.answers());
        }
    }

    @Test
    void whatWasPostedWhenTheProgramDiedIsFoundAgainAndNotPostedTwice() throws Exception {
        try (MattermostStub chat = MattermostStub.start().bot("s3cret")) {
            chat.channel("alerts");
            Files.writeString(folder.resolve("emberwatch.yml"), """
                    bridge:
                      mattermost:
                        - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts, timeout: 1m,
                           concurrency: %d, rate_per_second: 2000, burst: 2000}
                      calm: {storm_incidents: 1000000}
                    """.formatted(chat.server(), AT_ONCE));
            allowed.set(Integer.MAX_VALUE);
            int posted = 0;
            while (posted < POSTS) {
                // What is posted is not answered: the program cannot have put it down when it dies.
                chat.otherwiseBy(request -> request.equals("POST /api/v4/posts")
                        ? Fault.hang(Duration.ofMinutes(1)).afterPosting()
                        : Fault.NONE);
                ServerProcess bridge = start();
                awaitNothingWaits();
                for (int i = 0; i < AT_ONCE; i++) {
                    assertThat(isAcknowledged("Crash" + (posted + i))).isTrue();
                }
                posted += AT_ONCE;
                int all = posted;
                Peers.await(
                        "all are posted",
                        Duration.ofSeconds(30),
                        () -> chat.botPosts().size() >= all);
                bridge.kill();
                if (posted / AT_ONCE % 2 == 0) {
                    chat.forgetPending(); // as if more than 30 s had gone by
                }
            }
            chat.otherwise(() -> Fault.NONE);
            try (ServerProcess bridge = start()) {
                awaitNothingWaits();
                assertThat(bridge.isAlive()).isTrue();
            }
            assertThat(CrashPosts.of(chat))
                    .hasSize(POSTS)
                    .allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(1));
        }
    }

    private void awaitNothingWaits() throws Exception {
        Peers.await(
                "nothing waits",
                Duration.ofMinutes(2),
                () -> Http.json(url() + "/bridge/notifications?undelivered=true&limit=1")
                        .path("data")
                        .path("notifications")
                        .isEmpty());
    }

    private void killAgainAndAgain() throws Exception {
        Random random = new Random(11);
        for (int kill = 0; kill < KILLS; kill++) {
            ServerProcess bridge = start();
            int target = (kill + 1) * NOTIFICATIONS / (KILLS + 1);
            allowed.set(target);
            int most = Math.max(1, target - random.nextInt(20));
            Peers.await("notification " + most, Duration.ofSeconds(60), () -> next.get() >= most);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(150)));
            bridge.kill();
        }
    }

    private String url() {
        return "http://127.0.0.1:" + port;
    }

    private ServerProcess start() throws Exception {
        ServerProcess bridge = Program.start(
                "bridge",
                folder,
                "bridge",
                "--config=" + folder.resolve("emberwatch.yml"),
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve("data"));
        Peers.await("the bridge answers", Duration.ofSeconds(60), () -> Http.isOk(url() + "/-/healthy"));
        return bridge;
    }

    private static Fault fault() {
        return switch (ThreadLocalRandom.current().nextInt(60)) {
            case 0 -> Fault.answer(429);
            case 1 -> Fault.answer(500);
            case 2 -> Fault.answer(500).afterPosting();
            case 3 -> Fault.reset();
            case 4 -> Fault.reset().afterPosting();
            case 5 -> Fault.hang(Duration.ofMillis(500)).afterPosting();
            default -> Fault.NONE;
        };
    }

    // As Alertmanager: until it is acknowledged.
    private void send() {
        int number = next.getAndIncrement();
        while (number < NOTIFICATIONS) {
            if (number < allowed.get() && isAcknowledged("Crash" + number)) {
                number = next.getAndIncrement();
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private boolean isAcknowledged(String alert) {
        try {
            return Http.post(url() + "/webhook", "application/json", Webhook.firing(alert))
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
