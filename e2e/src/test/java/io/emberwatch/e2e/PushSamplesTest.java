package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.service.log.Logging;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stream as samples: written to a real Prometheus and to another instance of this program by remote write, watched by
 * alerting rules whose alerts reach a real Alertmanager and the notification topics, and gathered into gauges of a page.
 */
final class PushSamplesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @BeforeAll
    static void keepKafkaQuiet() {
        Logging.configure("warn");
    }

    @Test
    void linesReachPrometheusAndTheRulesWhoseAlertsReachPeople() throws Exception {
        int alertmanagerPort = Peers.freePort();
        int enginePort = Peers.freePort();
        int port = Peers.freePort();
        Path rules = Files.writeString(folder.resolve("rules.yml"), """
                groups:
                  - name: stream
                    interval: 1s
                    rules:
                      - alert: ReadoutSlow
                        expr: readout_rate < 10
                        labels: {severity: warning}
                        annotations: {summary: "slow on {{ $labels.host }}", description: "rate {{ $value }}"}
                """);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                PrometheusServer prometheus = PrometheusServer.start("prometheus", folder, "global: {}\n");
                AlertmanagerServer alertmanager = AlertmanagerServer.start(folder, alertmanagerPort);
                ServerProcess engine = engine(enginePort)) {
            Path config = Files.writeString(folder.resolve("push.yml"), """
                    rules:
                      rule_files: ["%1$s"]
                      alertmanagers: [{url: "http://127.0.0.1:%2$d"}]
                    push:
                      kafka: {bootstrap_servers: "%3$s", partitions: 1}
                      aggregator:
                        input: fields
                        output: results
                        window: 1s
                        grace: 0s
                        exposed_series: 100
                        aggregations: [{functions: [max, p50]}]
                      remote_write: {input: influxdb-topic, url: "%4$s/api/v1/write", labels: {via: kafka}}
                      alarms:
                        input: influxdb-topic
                        filters: [{measurement: readout}]
                        mattermost: mattermost-topic
                        email: {to_addresses: [shift@example.org, expert@example.org]}
                    """.formatted(
                            rules, alertmanagerPort, broker.bootstrapServers(), prometheus.url()));
            Path second = Files.writeString(
                    folder.resolve("second.yml"), """
                    push:
                      kafka: {bootstrap_servers: "%s", partitions: 1}
                      remote_write: {group: second, url: "http://127.0.0.1:%d/api/v1/write"}
                    """.formatted(broker.bootstrapServers(), enginePort));
            try (ServerProcess alarms = Program.start(
                            "alarms",
                            folder,
                            "push",
                            "alarms",
                            "--config=" + config,
                            "--listen=127.0.0.1:" + port,
                            "--data=" + folder.resolve("alarms-data"));
                    PushProcess writer = new PushProcess(folder, "writer", "remote-write", config);
                    PushProcess gathering = new PushProcess(folder, "gathering", "aggregator", config);
                    PushProcess other = new PushProcess(folder, "other", "remote-write", second)) {
                try {
                    for (PushProcess one : new PushProcess[] {writer, gathering, other}) {
                        one.awaitReady();
                    }
                    Peers.await(
                            "alarms are ready",
                            PATIENCE,
                            () -> Http.get("http://127.0.0.1:" + port + "/-/ready")
                                            .statusCode()
                                    == 200);
                    try (Producer<byte[], byte[]> producer = Topic.producer(broker.bootstrapServers())) {
                        long now = System.currentTimeMillis();
                        for (int i = 0; i < 10; i++) {
                            long at = (now - 10_000 + 1000L * i) * 1_000_000;
                            String lines = "readout,host=flp1 rate=" + i + ",state=\"on\",ok=t " + at
                                    + "\ncpu,host=flp1" + " value=" + i + "i " + at + "\n";
                            producer.send(new ProducerRecord<>("influxdb-topic", bytes(lines)))
                                    .get();
                            producer.send(new ProducerRecord<>(
                                            "fields", bytes("readout#rate"), bytes("host=flp1#" + i + "#" + at)))
                                    .get();
                        }
                        // Older than the rest, which servers refuse: it keeps nothing else back.
                        producer.send(new ProducerRecord<>("influxdb-topic", bytes("cpu,host=flp1 value=0 1\n")))
                                .get();
                        producer.send(new ProducerRecord<>(
                                        "influxdb-topic", bytes("last value=1 " + now * 1_000_000 + "\n")))
                                .get();
                    }
                    String rate = "readout_rate{host=\"flp1\",via=\"kafka\"}[1m]";
                    Peers.await(
                            "the last sample is in Prometheus",
                            PATIENCE,
                            () -> !Http.query(prometheus.url(), "last").isEmpty());
                    assertThat(Http.query(prometheus.url(), rate).path(0).path("values"))
                            .hasSize(10);
                    assertThat(Http.query(prometheus.url(), "readout_ok{via=\"kafka\"}"))
                            .hasSize(1);
                    Peers.await(
                            "the last sample is in the embedded store",
                            PATIENCE,
                            () -> !Http.query("http://127.0.0.1:" + enginePort, "last")
                                    .isEmpty());
                    assertThat(Http.query("http://127.0.0.1:" + enginePort, "cpu{host=\"flp1\"}[1m]")
                                    .path(0)
                                    .path("values"))
                            .hasSize(10);
                    Peers.await(
                            "the alert is at Alertmanager",
                            PATIENCE,
                            () -> Http.get("http://127.0.0.1:" + alertmanagerPort + "/api/v2/alerts")
                                    .body()
                                    .contains("ReadoutSlow"));
                    try (Topic chat = new Topic(broker.bootstrapServers(), "mattermost-topic");
                            Topic mail = new Topic(broker.bootstrapServers(), "email-topic")) {
                        Peers.await(
                                "messages",
                                PATIENCE,
                                () -> !chat.lines().isEmpty() && !mail.lines().isEmpty());
                        assertThat(chat.lines())
                                .as("once, however often the alert is told")
                                .singleElement()
                                .asString()
                                .contains("\"description\":\"[FIRING] ReadoutSlow: slow on flp1\"")
                                .contains("\"details\":\"rate ");
                        assertThat(mail.lines())
                                .singleElement()
                                .asString()
                                .contains("\"to_addresses\":\"shift@example.org,expert@example.org\"");
                    }
                    Peers.await(
                            "the latest aggregate is on the page",
                            PATIENCE,
                            () -> gathering.page().contains("readout_rate_max{host=\"flp1\"} 9"));
                } catch (Throwable failed) {
                    throw new AssertionError(
                            String.join("\n", alarms.tail(), writer.tail(), gathering.tail(), other.tail()), failed);
                }
            }
        }
    }

    private ServerProcess engine(int port) throws Exception {
        Path config = Files.writeString(folder.resolve("engine.yml"), "rules: {rule_files: []}\n");
        return Program.start(
                "engine",
                folder,
                "rules",
                "run",
                "--config=" + config,
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve("engine-data"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
