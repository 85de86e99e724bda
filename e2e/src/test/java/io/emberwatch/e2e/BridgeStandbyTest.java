package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two bridges on one outbox, both told of everything, as Alertmanager does with two webhooks. The one that works is killed,
 * the next one is told to stop: each time the other takes over, nothing is lost and nothing is posted twice.
 */
final class BridgeStandbyTest {
    private static final Duration LONGEST_GAP = Duration.ofSeconds(10);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final int[] ports;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicBoolean sending = new AtomicBoolean(true);

    BridgeStandbyTest() throws IOException {
        ports = new int[] {Peers.freePort(), Peers.freePort()};
    }

    @Test
    void theOtherTakesOverWithinTenSecondsAndNothingIsLostOrPostedTwice() throws Exception {
        try (MattermostStub chat = MattermostStub.start().bot("s3cret")) {
            chat.channel("alerts");
            Files.writeString(folder.resolve("emberwatch.yml"), """
                    bridge:
                      mattermost:
                        - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts,
                           rate_per_second: 2000, burst: 2000}
                      calm: {storm_incidents: 1000000}
                      outbox: {standby: true}
                    """.formatted(chat.server()));
            ServerProcess first = start(0);
            Peers.await("the first works", Duration.ofMinutes(1), () -> Http.isOk(url(0) + "/-/ready"));
            ExecutorService sender = Executors.newSingleThreadExecutor();
            try (ServerProcess second = start(1)) {
                sender.execute(this::send);
                Peers.await(
                        "the second waits",
                        Duration.ofMinutes(1),
                        () -> Http.get(url(1) + "/-/ready").body().contains("standing by"));
                awaitMore("it works", Duration.ofMinutes(1));
                first.kill();
                awaitMore("the second takes over", LONGEST_GAP);
                assertThat(Http.isOk(url(1) + "/-/ready")).isTrue();
                try (ServerProcess third = start(0)) {
                    Peers.await(
                            "the third waits",
                            Duration.ofMinutes(1),
                            () -> Http.get(url(0) + "/-/ready").body().contains("standing by"));
                    awaitMore("the second goes on", Duration.ofMinutes(1));
                    long begin = System.nanoTime();
                    second.close();
                    assertThat(Duration.ofNanos(System.nanoTime() - begin))
                            .as("it ends what it has begun")
                            .isLessThan(Duration.ofSeconds(15));
                    awaitMore("the third takes over", LONGEST_GAP);
                    sending.set(false);
                    sender.shutdown();
                    assertThat(sender.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
                    Peers.await(
                            "all is posted",
                            Duration.ofMinutes(1),
                            () -> CrashPosts.of(chat).size() >= acknowledged.get());
                    assertThat(third.isAlive()).isTrue();
                }
            } finally {
                sending.set(false);
                sender.shutdownNow();
                first.close();
            }
            assertThat(CrashPosts.of(chat))
                    .hasSize(acknowledged.get())
                    .allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(1));
        }
    }

    private void awaitMore(String what, Duration limit) throws Exception {
        int before = acknowledged.get();
        Peers.await(what, limit, () -> acknowledged.get() >= before + 5);
    }

    // Every notification to both until one of them has taken it.
    private void send() {
        while (sending.get()) {
            String body = Webhook.firing("Crash" + acknowledged.get());
            boolean first = isTaken(0, body);
            boolean second = isTaken(1, body);
            if (first || second) {
                acknowledged.incrementAndGet();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean isTaken(int bridge, String body) {
        try {
            return Http.post(url(bridge) + "/webhook", "application/json", body).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private String url(int bridge) {
        return "http://127.0.0.1:" + ports[bridge];
    }

    private ServerProcess start(int bridge) throws IOException {
        return Program.start(
                "bridge-" + bridge,
                folder,
                "bridge",
                "--config=" + folder.resolve("emberwatch.yml"),
                "--listen=127.0.0.1:" + ports[bridge],
                "--data=" + folder.resolve("data"));
    }
}
