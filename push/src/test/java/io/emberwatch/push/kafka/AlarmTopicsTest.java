package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AlarmTopicsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    private final PushMetrics metrics = new PushMetrics(new CollectorRegistry());

    @Test
    void anAlertIsToldOnceAtItsBeginningAndOnceAtItsEndAndAgainOnlyIfKafkaWasAway() throws Exception {
        int port = freePort();
        KafkaConfig kafka = ConfigReader.parse("kafka.yml", """
                {partitions: 1, bootstrap_servers: "127.0.0.1:%d",
                 properties: {default.api.timeout.ms: "500", request.timeout.ms: "500"}}
                """.formatted(port), KafkaConfig.class);
        AlarmsConfig config = ConfigReader.parse(
                "alarms.yml", "{mattermost: chat, email: {to_addresses: [a@example.org]}}", AlarmsConfig.class);
        try (AlarmTopics topics = new AlarmTopics(kafka, config, metrics, InstantSource.fixed(NOON))) {
            Alert firing = alert(NOON.plusSeconds(60));
            topics.send(List.of(firing));
            until(() -> metrics.alarms.labels("dropped").get() == 1);
            try (EmbeddedBroker broker = EmbeddedBroker.start(folder, port)) {
                until(() -> {
                    topics.send(List.of(firing));
                    return metrics.alarms.labels("firing").get() == 1;
                });
                topics.send(List.of(firing));
                topics.send(List.of(alert(NOON)));
                topics.send(List.of(alert(NOON)));
                until(() -> metrics.alarms.labels("resolved").get() == 1);
                assertThat(read(kafka, "chat", 2))
                        .as(broker.bootstrapServers())
                        .satisfiesExactly(
                                first -> assertThat(first).contains("\"description\":\"[FIRING] Slow: slow on flp1\""),
                                second -> assertThat(second).contains("\"description\":\"[RESOLVED] Slow"));
                assertThat(read(kafka, "email-topic", 2))
                        .allSatisfy(mail -> assertThat(mail).contains("\"to_addresses\":\"a@example.org\""));
            }
        }
    }

    private static Alert alert(Instant end) {
        return new Alert(
                Labels.of("alertname", "Slow", "host", "flp1"),
                Labels.of("summary", "slow on flp1"),
                NOON.minusSeconds(60),
                end,
                "http://rules.example.org");
    }

    private static List<String> read(KafkaConfig kafka, String topic, int wanted) throws InterruptedException {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(ClientProperties.consumer(kafka, "reader-" + topic, Map.of()))) {
            consumer.subscribe(List.of(topic));
            until(() -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
                return values.size() >= wanted;
            });
        }
        return values;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
