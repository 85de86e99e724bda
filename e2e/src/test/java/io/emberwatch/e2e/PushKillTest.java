package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every part of the push path is killed in turn while lines come in; afterwards everything is compared with what was
 * sent. Event time runs as the records come, a second each, so that windows do not close while something is away.
 * {@code -Demberwatch.push.kill.rounds=5} kills everything five times.
 */
final class PushKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ROUNDS = Integer.getInteger("emberwatch.push.kill.rounds", 1);
    private static final int LINES = 20;
    private static final long START_SECONDS = 1_700_000_000;
    private static final String CONFIG = """
            push:
              kafka: {bootstrap_servers: "%1$s", partitions: 1}
              router:
                input: metrics
                batched: true
                database: {topic: influxdb-topic}
                onoff: {topic: onoff-topic, filters: [{fields: [state]}]}
                aggregator: {topic: aggregator-topic, filters: [{fields: [value]}]}
                properties:
                  processing.guarantee: exactly_once_v2
                  main.consumer.session.timeout.ms: "1500"
                  main.consumer.heartbeat.interval.ms: "500"
              influx:
                http: {url: "%2$s", database: kill}
                threads: 1
                properties: {session.timeout.ms: "1500", heartbeat.interval.ms: "500"}
            """;
    private static final String PROCESSING = """
            push:
              kafka: {bootstrap_servers: "%1$s", partitions: 1}
              onoff:
                output: changes
                properties: {main.consumer.session.timeout.ms: "1500", main.consumer.heartbeat.interval.ms: "500"}
              aggregator:
                output: %2$s
                group: %2$s
                window: 10s
                grace: 40s
                processing_guarantee: %3$s
                aggregations: [{functions: [sum, count, p99], fields: [value]}]
                properties:
                  isolation.level: read_committed
                  session.timeout.ms: "1500"
                  heartbeat.interval.ms: "500"
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final AtomicInteger records = new AtomicInteger();
    private volatile boolean ending;

    @Test
    void nothingIsLostWhateverIsKilled() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder);
                InfluxServer influx = InfluxServer.start(folder)) {
            influx.createDatabase("kill");
            String kafka = broker.bootstrapServers();
            Path config = Files.writeString(folder.resolve("push.yml"), CONFIG.formatted(kafka, influx.url()));
            Path usual = Files.writeString(
                    folder.resolve("usual.yml"), PROCESSING.formatted(kafka, "results", "at_least_once"));
            Path exact = Files.writeString(
                    folder.resolve("exact.yml"), PROCESSING.formatted(kafka, "exact-results", "exactly_once_v2"));
            try (PushProcess router = new PushProcess(folder, "router", "router", config);
                    PushProcess sink = new PushProcess(folder, "sink", "influx", config);
                    PushProcess processing = new PushProcess(folder, "processing", "all", usual);
                    PushProcess exactly = new PushProcess(folder, "exactly", "aggregator", exact)) {
                router.awaitReady();
                Thread load = new Thread(() -> send(kafka), "load");
                load.start();
                try {
                    for (int round = 0; round < ROUNDS; round++) {
                        for (PushProcess one : List.of(processing, router, exactly, sink)) {
                            awaitRecords(40);
                            one.killAndRestart();
                        }
                        awaitRecords(40);
                        influx.kill();
                        broker.kill();
                        broker.restart();
                        influx.restart();
                        awaitRecords(40);
                    }
                } finally {
                    ending = true;
                    load.join();
                }
                try {
                    compare(kafka, influx);
                } catch (Throwable failed) {
                    throw new AssertionError(
                            String.join(
                                    "\n", router.tail(), sink.tail(), processing.tail(), exactly.tail(), broker.tail()),
                            failed);
                }
            }
        }
    }

    private void awaitRecords(int more) throws Exception {
        int before = records.get();
        Peers.await(more + " more records are sent", PATIENCE, () -> records.get() >= before + more);
    }

    /** A record every 20 ms, acknowledged or sent again; at the end one line that closes every window. */
    private void send(String kafka) {
        try (Producer<byte[], byte[]> producer = Topic.producer(kafka)) {
            while (!ending) {
                int number = records.get();
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < LINES; i++) {
                    lines.append(line(number, i)).append('\n');
                }
                producer.send(new ProducerRecord<>("metrics", bytes(lines.toString())))
                        .get();
                records.incrementAndGet();
                Thread.sleep(20);
            }
            long last = (START_SECONDS + records.get() + 1000) * 1_000_000_000L;
            producer.send(new ProducerRecord<>("metrics", bytes("last value=1i " + last)))
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String line(int record, int i) {
        return "load,source=a\\,b\\=c#" + i % 4 + " value=" + value(record, i) + "i,state=\"" + record / 50 + " # \" "
                + time(record, i);
    }

    private static long value(int record, int i) {
        return record * 31L % 1000 + i;
    }

    private static long time(int record, int i) {
        return (START_SECONDS + record) * 1_000_000_000L + i;
    }

    private void compare(String kafka, InfluxServer influx) throws Exception {
        int sent = records.get();
        long sum = 0;
        Set<String> changes = new HashSet<>();
        Map<String, long[]> windows = new TreeMap<>();
        for (int record = 0; record < sent; record++) {
            for (int i = 0; i < LINES; i++) {
                sum += value(record, i);
                String series = "load,source=a\\,b\\=c#" + i % 4;
                long end = (Math.floorDiv(START_SECONDS + record, 10) + 1) * 10;
                long[] window = windows.computeIfAbsent(series + " " + end + "000000000", key -> new long[2]);
                window[0] += value(record, i);
                window[1]++;
                if (record % 50 == 0 && i < 4) {
                    changes.add(series + " state=\"" + record / 50 + " # \" " + time(record, i));
                }
            }
        }
        long lines = (long) sent * LINES;
        Peers.await(
                "every line is in InfluxDB",
                PATIENCE,
                () -> influx.figure("kill", "SELECT count(value) FROM load") >= lines);
        assertThat(influx.figure("kill", "SELECT count(state) FROM load")).isEqualTo(lines);
        assertThat(influx.figure("kill", "SELECT sum(value) FROM load")).isEqualTo(sum);
        try (Topic out = new Topic(kafka, "changes")) {
            Peers.await("every change is there", PATIENCE, () -> new HashSet<>(out.lines()).size() >= changes.size());
            assertThat(new HashSet<>(out.lines())).isEqualTo(changes);
            assertThat(out.lines()).as("changes are hardly repeated").hasSizeLessThan(2 * changes.size());
        }
        Map<String, String> expected = new HashMap<>();
        windows.forEach((key, window) -> expected.put(key, "value_sum=" + window[0] + ",value_count=" + window[1]));
        try (Topic out = new Topic(kafka, "results")) {
            Peers.await(
                    "every window came out",
                    PATIENCE,
                    () -> results(out.lines()).size() >= expected.size());
            assertThat(results(out.lines())).isEqualTo(expected);
        }
        try (Topic out = new Topic(kafka, "exact-results", Map.of("isolation.level", "read_committed"))) {
            Peers.await(
                    "every window came out exactly", PATIENCE, () -> out.lines().size() >= expected.size());
            List<String> all = new ArrayList<>(out.lines());
            assertThat(results(all)).isEqualTo(expected);
            assertThat(all).as("each once").hasSize(expected.size());
        }
    }

    /** Sum and count by series and time; whatever came twice must be the same. */
    private static Map<String, String> results(List<String> lines) {
        Map<String, String> results = new HashMap<>();
        for (String line : lines) {
            int fields = line.indexOf(" value_");
            int time = line.lastIndexOf(' ');
            String text = line.substring(fields + 1, time);
            String before = results.put(
                    line.substring(0, fields) + line.substring(time), text.substring(0, text.indexOf(",value_p99=")));
            assertThat(before == null || text.startsWith(before + ",")).as(line).isTrue();
        }
        return results;
    }
}
