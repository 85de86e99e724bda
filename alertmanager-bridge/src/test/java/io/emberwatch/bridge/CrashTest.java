package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.testkit.Ports;
import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import io.emberwatch.testkit.mattermost.Post;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the bridge again and again while notifications pour in and Mattermost fails at random. */
class CrashTest {
    private static final int NOTIFICATIONS = 200;
    private static final int KILLS = 2;
    private static final int SENDERS = 8;
    private static final Pattern GROUP = Pattern.compile("] (Crash[0-9]+)");

    /** What runs in the process that is killed. */
    public static void main(String[] arguments) throws Exception {
        Fixture.start(Path.of(arguments[0]), Files.readString(Path.of(arguments[1])), Integer.parseInt(arguments[2]));
        System.out.println("running");
        Thread.currentThread().join();
    }

    private Process bridge;

    @AfterEach
    void leaveNothingBehind() throws InterruptedException {
        if (bridge != null) {
            bridge.destroyForcibly().waitFor();
        }
    }

    @Test
    void nothingThatWasAcknowledgedIsLostAndOnlyTheDoubtfulIsDoubled(@TempDir Path folder) throws Exception {
        int port = Ports.next();
        try (MattermostStub mattermost = MattermostStub.start()) {
            Path config = folder.resolve("bridge.yml");
            Files.writeString(config, """
                    mattermost: [{name: chat, url: "%s", timeout: 300ms, rate_per_second: 2000, burst: 2000}]
                    retry: {min_backoff: 10ms, max_backoff: 100ms}
                    """.formatted(mattermost.url("alerts")));
            mattermost.otherwise(CrashTest::fault);
            Path data = folder.resolve("data");
            AtomicInteger next = new AtomicInteger();
            AtomicInteger allowed = new AtomicInteger();
            ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
            for (int i = 0; i < SENDERS; i++) {
                senders.execute(() -> send(port, next, allowed));
            }
            Random random = new Random(7);
            bridge = start(data, config, port);
            for (int kills = 0; kills < KILLS; kills++) {
                int target = (kills + 1) * NOTIFICATIONS / (KILLS + 1);
                allowed.set(target);
                int most = target - random.nextInt(60);
                int before = mattermost.posts().size();
                Fixture.await("notification " + most, Duration.ofSeconds(30), () -> next.get() >= most);
                if (kills % 2 == 0) {
                    Fixture.await(
                            "it delivers",
                            Duration.ofSeconds(30),
                            () -> mattermost.posts().size() > before);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
                if (kills == KILLS - 1) {
                    Fixture.await(
                            "a post",
                            Duration.ofSeconds(30),
                            () -> !mattermost.posts().isEmpty());
                }
                bridge.destroyForcibly().waitFor();
                bridge = start(data, config, port);
            }
            allowed.set(NOTIFICATIONS);
            senders.shutdown();
            assertThat(senders.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            mattermost.otherwise(() -> Fault.NONE);
            Set<String> doubtful = new HashSet<>();
            Fixture.await(
                    "everything is delivered",
                    Duration.ofSeconds(30),
                    () -> mattermost.posts().size() >= NOTIFICATIONS && isDrained(port));
            JsonNode notifications = notifications(port);
            bridge.destroyForcibly().waitFor();
            assertThat(notifications).hasSize(NOTIFICATIONS);
            for (JsonNode notification : notifications) {
                for (JsonNode event : notification.path("trail")) {
                    if (Set.of("unsure", "recovered")
                            .contains(event.path("event").asText())) {
                        doubtful.add(group(notification.path("headline").asText()));
                    }
                }
            }
            Map<String, Integer> posts = new HashMap<>();
            for (Post post : mattermost.posts()) {
                posts.merge(group(String.valueOf(post.attachments().get(0).get("title"))), 1, Integer::sum);
            }
            assertThat(posts).hasSize(NOTIFICATIONS);
            posts.forEach((group, count) -> {
                if (count > 1) {
                    assertThat(doubtful).as("doubled without a doubt").contains(group);
                }
            });
        }
    }

    private static Fault fault() {
        int dice = ThreadLocalRandom.current().nextInt(150);
        return switch (dice) {
            case 0 -> Fault.answer(429);
            case 1, 2 -> Fault.answer(503);
            case 3, 4, 5, 6 -> Fault.answer(500);
            case 7, 8 -> Fault.reset();
            case 9, 10, 11 -> Fault.reset().afterPosting();
            case 12 -> Fault.hang(Duration.ofMillis(400)).afterPosting();
            default -> Fault.NONE;
        };
    }

    private static Process start(Path data, Path config, int port) throws IOException {
        return new ProcessBuilder(command(data, config, port))
                .redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("bridge.log").toFile())
                .start();
    }

    /** What starts a bridge in a process of its own. */
    static List<String> command(Path data, Path config, int port) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashTest.class.getName(),
                data.toString(),
                config.toString(),
                Integer.toString(port));
    }

    // As Alertmanager: until it is acknowledged.
    private static void send(int port, AtomicInteger next, AtomicInteger allowed) {
        int number = next.getAndIncrement();
        while (number < NOTIFICATIONS) {
            boolean now = number < allowed.get();
            if (!now) {
                pause();
            } else if (isAcknowledged(
                    port, Payloads.group("Crash" + number).firing("a").body())) {
                number = next.getAndIncrement();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isAcknowledged(int port, String body) {
        try {
            HttpResponse<String> answer = Fixture.CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhook"))
                            .timeout(Duration.ofSeconds(5))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200;
        } catch (IOException e) {
            pause();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isDrained(int port) {
        try {
            String all = notifications(port).toString();
            return !all.contains("\"state\":\"queued\"") && !all.contains("\"state\":\"leased\"");
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static JsonNode notifications(int port) throws IOException, InterruptedException {
        String body = Fixture.CLIENT
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + port + "/api/v1/bridge/notifications?limit=1000"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return new ObjectMapper().readTree(body).path("data").path("notifications");
    }

    private static String group(String headline) {
        Matcher group = GROUP.matcher(headline);
        assertThat(group.find()).as(headline).isTrue();
        return group.group(1);
    }
}
