package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.service.log.Logging;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What brings lines into Kafka and what takes samples, alarms and notifications out of it is killed in turn while more
 * comes in; afterwards everything is compared with what was sent. What stands between is killed by {@link PushKillTest}.
 */
final class PushEdgesKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SOURCES = 5;
    private static final int ROUNDS_TO_A_MESSAGE = 4;
    private static final int ROUNDS_BETWEEN = 20;
    private static final long PAUSE_MILLIS = 50;
    private static final Pattern NUMBER = Pattern.compile("number-([0-9]+)-");
    private static final String QUICK = "{session.timeout.ms: \"1500\", heartbeat.interval.ms: \"500\"}";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final long begin =
            System.currentTimeMillis() - Duration.ofMinutes(10).toMillis();
    private final AtomicInteger rounds = new AtomicInteger();
    private final List<String> messages = new ArrayList<>();
    private int collectorPort;
    private volatile boolean ending;

    @BeforeAll
    static void keepKafkaQuiet() {
        Logging.configure("warn");
    }

    @Test
    void nothingIsLostWhicheverEndIsKilled() throws Exception {
        collectorPort = Peers.freePort();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                MattermostStub chat = MattermostStub.start().bot("s3cret");
                PrometheusServer prometheus = PrometheusServer.start("prometheus", folder, "global: {}\n")) {
            chat.channel("alerts");
            Path config = config(broker, chat, prometheus);
            ServerProcess collector = startCollector(config);
            try (PushProcess writer = new PushProcess(folder, "writer", "remote-write", config);
                    PushProcess alarms = new PushProcess(folder, "alarms", "alarms", config);
                    PushProcess notify = new PushProcess(folder, "notify", "notify", config);
                    Producer<byte[], byte[]> producer = Topic.producer(broker.bootstrapServers())) {
                try {
                    for (PushProcess process : List.of(writer, alarms, notify)) {
                        process.awaitReady();
                    }
                    Thread load = new Thread(() -> load(producer), "load");
                    load.start();
                    try {
                        awaitRounds();
                        collector.kill();
                        collector = startCollector(config);
                        for (PushProcess process : List.of(writer, notify, alarms)) {
                            awaitRounds();
                            process.killAndRestart();
                        }
                        awaitRounds();
                    } finally {
                        ending = true;
                        load.join();
                    }
                    compare(broker, prometheus, chat);
                } catch (Throwable failed) {
                    throw new AssertionError(
                            String.join("\n", collector.tail(), writer.tail(), alarms.tail(), notify.tail()), failed);
                }
            } finally {
                collector.close();
            }
        }
    }

    private Path config(EmbeddedBroker broker, MattermostStub chat, PrometheusServer prometheus) throws IOException {
        Path rules = Files.writeString(folder.resolve("rules.yml"), """
                groups:
                  - name: stream
                    interval: 1s
                    rules:
                      - alert: LoadSeen
                        expr: max_over_time(load{source="s0"}[1h]) >= 0
                """);
        return Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  host: {enabled: false}
                  sensors: []
                  influx: {http: true}
                rules: {rule_files: ["%1$s"]}
                push:
                  kafka: {bootstrap_servers: "%2$s", partitions: 1}
                  collector: {key: this-host}
                  remote_write: {input: metrics, url: "%3$s/api/v1/write", properties: %5$s}
                  alarms: {input: metrics, mattermost: mattermost-topic, properties: %5$s}
                  notifications: {mattermost: {properties: %5$s}}
                bridge:
                  mattermost:
                    - {name: chat, server: "%4$s", token: s3cret, team: ops, channel: alerts, rate_per_second: 100}
                """.formatted(
                        rules, broker.bootstrapServers(), prometheus.url(), chat.server(), QUICK));
    }

    private ServerProcess startCollector(Path config) throws IOException {
        return Program.start(
                "collector",
                folder,
                "exporter",
                "--config=" + config,
                "--listen=127.0.0.1:" + collectorPort,
                "--data=" + folder.resolve("collector-data"));
    }

    private void awaitRounds() throws Exception {
        int before = rounds.get();
        Peers.await("more is sent", PATIENCE, () -> rounds.get() >= before + ROUNDS_BETWEEN);
    }

    /** Lines by HTTP, posted again until they are taken over, and a message now and then. */
    private void load(Producer<byte[], byte[]> producer) {
        try {
            while (!ending) {
                int round = rounds.get();
                StringBuilder lines = new StringBuilder();
                for (int source = 0; source < SOURCES; source++) {
                    lines.append(line(source, round)).append('\n');
                }
                Peers.await("lines are taken over", PATIENCE, () -> isTaken(lines.toString()));
                if (round % ROUNDS_TO_A_MESSAGE == 0) {
                    String message = Integer.toString(messages.size());
                    String text = "{\"description\": \"number-" + message + "-\"}";
                    producer.send(new ProducerRecord<>("mattermost-topic", text.getBytes(StandardCharsets.UTF_8)))
                            .get();
                    messages.add(message);
                }
                rounds.incrementAndGet();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isTaken(String lines) throws IOException {
        return Http.post("http://127.0.0.1:" + collectorPort + "/write?db=x", "text/plain", lines)
                        .statusCode()
                == 204;
    }

    private String line(int source, int round) {
        return "load,source=s" + source + " value=" + round + "i " + (begin + 100L * round) * 1_000_000;
    }

    private void compare(EmbeddedBroker broker, PrometheusServer prometheus, MattermostStub chat) throws Exception {
        Set<String> sent = new HashSet<>();
        long sum = 0;
        for (int round = 0; round < rounds.get(); round++) {
            sum += round;
            for (int source = 0; source < SOURCES; source++) {
                sent.add(line(source, round));
            }
        }
        try (Topic metrics = new Topic(broker.bootstrapServers(), "metrics")) {
            Peers.await("every line is in Kafka", PATIENCE, () -> new HashSet<>(metrics.lines()).size() >= sent.size());
            assertThat(new HashSet<>(metrics.lines())).isEqualTo(sent);
        }
        long samples = rounds.get();
        Peers.await(
                "every sample is in Prometheus",
                PATIENCE,
                () -> Http.value(prometheus.url(), "min(count_over_time(load[1h]))") >= samples);
        assertThat(Http.value(prometheus.url(), "min(sum_over_time(load[1h]))")).isEqualTo(sum);
        assertThat(Http.value(prometheus.url(), "max(count_over_time(load[1h]))"))
                .as("what came again changes nothing")
                .isEqualTo(samples);
        Peers.await("every message is posted", PATIENCE, () -> numbers(chat).size() >= messages.size());
        assertThat(numbers(chat)).as("each once").containsExactlyInAnyOrderElementsOf(messages);
        Peers.await(
                "the alarm is told",
                PATIENCE,
                () -> chat.botPosts().stream()
                        .anyMatch(post -> post.attachmentTexts().contains("LoadSeen")));
    }

    private static List<String> numbers(MattermostStub chat) {
        List<String> numbers = new ArrayList<>();
        chat.botPosts().forEach(post -> {
            Matcher found = NUMBER.matcher(post.attachmentTexts());
            while (found.find()) {
                numbers.add(found.group(1));
            }
        });
        return numbers;
    }
}
