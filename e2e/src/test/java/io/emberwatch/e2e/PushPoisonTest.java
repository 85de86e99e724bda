package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Poison among good lines, one in ten, through Kafka into a real InfluxDB, which two of these lines end when they reach
 * it. With EMBERWATCH_CORPUS set, the corpus of line protocol too.
 */
final class PushPoisonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int HUGE = 10 << 20;
    private static final List<String> OWN = List.of(
            "0 \\\\=\"=\"",
            "m \\0=\",\"=3,\"=\"",
            "no fields",
            "quote,h=a s=\"never ends 1",
            "m,h=a v=1x 1",
            "m,h=a v=99999999999999999999i 1",
            "m,=a v=1 1",
            "m,h=,b=c v=1 1",
            "m,h=a v=1 12345678901234567890123",
            "\u0000\u0001",
            "m,h=a,h=b v=1 1");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private int good;

    @Test
    void everyGoodLineIsStoredAndEveryBadOneIsDeadWithItsReason() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder, "message.max.bytes=" + (16 << 20));
                InfluxServer influx = InfluxServer.start(folder)) {
            influx.createDatabase("poison");
            long influxd = influx.pid();
            Path config = Files.writeString(
                    folder.resolve("push.yml"), """
                    push:
                      kafka: {bootstrap_servers: "%s", partitions: 2}
                      router:
                        input: metrics
                        database: {topic: influxdb-topic}
                        onoff: {topic: onoff-topic, filters: [{measurement: good, fields: [v]}]}
                        aggregator: {topic: aggregator-topic, filters: [{measurement: good, fields: [v, s]}]}
                      onoff: {output: changes}
                      aggregator: {output: results, window: 1s, grace: 0s, aggregations: [{functions: [count]}]}
                      influx: {http: {url: "%s", database: poison}}
                    """.formatted(broker.bootstrapServers(), influx.url()));
            try (PushProcess push = new PushProcess(folder, "push", "all", config)) {
                push.awaitReady();
                send(broker.bootstrapServers(), "conflict v=1i 1\n".getBytes(StandardCharsets.UTF_8));
                Peers.await(
                        "the first line is stored",
                        PATIENCE,
                        () -> influx.figure("poison", "SELECT count(v) FROM conflict") == 1);
                int poison = sendPoison(broker.bootstrapServers());
                try {
                    Peers.await("every good line is stored", PATIENCE, () -> stored(influx) >= good);
                    assertThat(stored(influx)).isEqualTo(good);
                    assertThat(influx.figure("poison", "SELECT count(v) FROM conflict"))
                            .as("the points around the one of another type")
                            .isEqualTo(101);
                    assertThat(influx.isAlive() && influx.pid() == influxd).isTrue();
                    try (Topic dead = new Topic(broker.bootstrapServers(), "metrics.dead");
                            Topic refused = new Topic(broker.bootstrapServers(), "influxdb-topic.dead")) {
                        double faulty = push.sum("emberwatch_push_router_faulty_lines_total");
                        Peers.await(
                                "all dead letters",
                                PATIENCE,
                                () -> dead.records().size() >= faulty);
                        assertThat(dead.records())
                                .hasSize((int) faulty)
                                .hasSizeGreaterThanOrEqualTo(poison)
                                .allSatisfy(letter -> {
                                    assertThat(Topic.header(letter, "reason")).isNotEmpty();
                                    assertThat(Topic.header(letter, "source")).matches("metrics-\\d@\\d+\\+\\d+");
                                });
                        assertThat(dead.records())
                                .filteredOn(
                                        letter -> Topic.header(letter, "cut").equals(Integer.toString(HUGE)))
                                .hasSize(1);
                        double kept = push.sum("emberwatch_push_influx_refused_lines_total");
                        Peers.await(
                                "all refused lines",
                                PATIENCE,
                                () -> refused.records().size() >= kept);
                        assertThat(refused.records())
                                .anySatisfy(letter -> assertThat(Topic.header(letter, "reason"))
                                        .contains("type conflict"));
                    }
                    assertThat(push.sum("emberwatch_push_thread_restarts_total"))
                            .isZero();
                    assertThat(push.sum("emberwatch_push_records_lost_total")).isZero();
                    assertThat(push.sum("emberwatch_push_router_lines_total"))
                            .isEqualTo(push.sum("emberwatch_push_router_sent_total{output=\"database\"}")
                                    + push.sum("emberwatch_push_router_unrouted_lines_total")
                                    + push.sum("emberwatch_push_router_faulty_lines_total"));
                    assertThat(push.sum("emberwatch_push_aggregator_dropped_messages_total{reason=\"ahead\"}"))
                            .as("two fields of ten lines, days ahead")
                            .isEqualTo(20);
                    assertThat(push.page()).contains("emberwatch_push_threads_live{component=\"router\"} 1");
                } catch (Throwable failed) {
                    throw new AssertionError(push.tail(), failed);
                }
            }
        }
    }

    private static long stored(InfluxServer influx) throws IOException {
        return influx.figure("poison", "SELECT count(v) FROM good");
    }

    /** Gives how many records of poison there are, each with at least one bad line. */
    private int sendPoison(String kafka) throws Exception {
        List<byte[]> poison = new ArrayList<>();
        for (String text : OWN) {
            poison.add(text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] huge = ("huge s=\"" + "x".repeat(HUGE - "huge s=\"\"".length()) + "\"").getBytes(StandardCharsets.UTF_8);
        int bad = poison.size() + 1;
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        if (corpus != null) {
            JsonNode vectors = new ObjectMapper()
                    .readTree(
                            Path.of(corpus, "lineprotocol", "corpus-half.json").toFile());
            for (JsonNode vector : vectors.get("decode")) {
                JsonNode text = vector.get("input").get("text");
                poison.add(
                        text.isTextual()
                                ? text.textValue().getBytes(StandardCharsets.UTF_8)
                                : text.get("binary").binaryValue());
            }
        }
        try (Producer<byte[], byte[]> producer = Topic.producer(kafka)) {
            List<Future<?>> sent = new ArrayList<>();
            for (byte[] one : poison) {
                sent.add(producer.send(new ProducerRecord<>("metrics", among(one))));
            }
            sent.add(producer.send(new ProducerRecord<>("metrics", huge)));
            sent.add(producer.send(new ProducerRecord<>("metrics", manyLines())));
            sent.add(producer.send(new ProducerRecord<>("metrics", skewed())));
            sent.add(producer.send(new ProducerRecord<>("metrics", conflict())));
            for (Future<?> one : sent) {
                one.get();
            }
        }
        return bad;
    }

    private static void send(String kafka, byte[] value) throws Exception {
        try (Producer<byte[], byte[]> producer = Topic.producer(kafka)) {
            producer.send(new ProducerRecord<>("metrics", value)).get();
        }
    }

    private String goodLine(long time) {
        return "good,n=" + good++ % 100 + ",odd=a\\,b\\=c#d s=\"a,b =#\\\"\",v=1i " + time + "\n";
    }

    private byte[] among(byte[] poison) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
            if (i == 5) {
                record.writeBytes(poison);
                record.write('\n');
            }
            record.writeBytes(goodLine(good).getBytes(StandardCharsets.UTF_8));
        }
        return record.toByteArray();
    }

    /** Ten megabytes of good lines in one record. */
    private byte[] manyLines() {
        StringBuilder lines = new StringBuilder();
        while (lines.length() < HUGE) {
            lines.append(goodLine(good).replace("a,b =#", "x".repeat(10_000)));
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Clocks that are five days ahead, and years behind. */
    private byte[] skewed() {
        long ahead = (System.currentTimeMillis() + Duration.ofDays(5).toMillis()) * 1_000_000L;
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            lines.append(goodLine(ahead + i)).append(goodLine(-1_000_000_000_000L * (i + 1)));
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** One point of another type among a hundred. */
    private static byte[] conflict() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append("conflict v=").append(i).append("i ").append(10 + i).append('\n');
            if (i == 50) {
                lines.append("conflict v=\"text\" 7\n");
            }
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }
}
