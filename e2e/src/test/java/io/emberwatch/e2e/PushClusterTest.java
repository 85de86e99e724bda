package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.log.Logging;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers and two instances of Router, Aggregator and OnOff, as docs/push.md has them beyond one machine, on
 * loopback: a broker and an instance are killed, all are restarted one after the other, lines come in all the time, and in
 * the end everything is compared with what was sent. Prints how long each took to go on.
 */
@EnabledIfSystemProperty(
        named = "emberwatch.push.long",
        matches = "true",
        disabledReason = "takes three minutes: -Demberwatch.push.long=true")
final class PushClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SOURCES = 8;
    private static final int LINES = 20;
    private static final int ROUNDS_TO_A_STATE = 100;
    private static final long PAUSE_MILLIS = 50;
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final long EVENT_MILLIS = 250;
    private static final long WINDOW_MILLIS = 10_000;
    /** Further ahead than the grace, so that every window of before closes. */
    private static final long CLOSING_MILLIS = 1_000_000;

    private static final String CONFIG = """
            push:
              kafka: {bootstrap_servers: "%1$s", partitions: 4, replication_factor: 3}
              router:
                input: metrics
                batched: true
                partition_by: series
                database: {topic: checked}
                onoff: {topic: onoff-topic, filters: [{fields: [state]}]}
                aggregator: {topic: aggregator-topic, filters: [{fields: [value]}]}
                properties:
                  processing.guarantee: exactly_once_v2
                  main.consumer.group.instance.id: router-%2$s
                  client.rack: rack-%2$s
                  client.tag.rack: rack-%2$s
                  rack.aware.assignment.tags: rack
              onoff:
                output: changes
                replication_factor: 3
                properties:
                  processing.guarantee: exactly_once_v2
                  num.standby.replicas: "1"
                  main.consumer.group.instance.id: onoff-%2$s
                  client.rack: rack-%2$s
                  client.tag.rack: rack-%2$s
                  rack.aware.assignment.tags: rack
              aggregator:
                output: results
                window: 10s
                grace: 10m
                processing_guarantee: exactly_once_v2
                aggregations: [{functions: [sum, count], fields: [value]}]
                properties:
                  isolation.level: read_committed
                  group.instance.id: aggregator-%2$s
                  client.rack: rack-%2$s
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicLong longestRoundMillis = new AtomicLong();
    private volatile boolean ending;

    @BeforeAll
    static void keepKafkaQuiet() {
        Logging.configure("warn");
    }

    @Test
    void nothingIsLostThoughBrokersAndInstancesComeAndGo() throws Exception {
        try (BrokerCluster cluster = BrokerCluster.start(folder);
                PushProcess one = instance(cluster, "1");
                PushProcess two = instance(cluster, "2")) {
            try {
                one.awaitReady();
                two.awaitReady();
                Thread load = new Thread(() -> send(cluster.bootstrapServers()), "load");
                load.start();
                try (Checked checked = new Checked(cluster.bootstrapServers())) {
                    awaitFlow("lines flow", checked);
                    loseBroker(cluster, checked);
                    restartBrokers(cluster, checked);
                    loseInstance(one, checked);
                    restartInstances(List.of(one, two), checked);
                    ending = true;
                    load.join();
                    checked.awaitAll(rounds.get());
                } finally {
                    ending = true;
                    load.join();
                }
                close(cluster.bootstrapServers());
                compare(cluster.bootstrapServers());
            } catch (Throwable failed) {
                throw new AssertionError(String.join("\n", one.tail(), two.tail(), cluster.tail()), failed);
            }
        }
    }

    private PushProcess instance(BrokerCluster cluster, String name) throws Exception {
        Path config = Files.writeString(
                folder.resolve("push-" + name + ".yml"), CONFIG.formatted(cluster.bootstrapServers(), name));
        return new PushProcess(folder, "instance-" + name, "all", config);
    }

    private void loseBroker(BrokerCluster cluster, Checked checked) throws Exception {
        BrokerProcess lost = cluster.broker(cluster.leader("metrics", 0));
        longestRoundMillis.set(0);
        lost.kill();
        awaitFlow("lines flow without the killed broker", checked);
        System.out.printf(
                Locale.ROOT, "broker killed: a write waited %.1f s at most%n", longestRoundMillis.get() / 1e3);
        lost.restart();
        cluster.awaitInStep();
    }

    private void restartBrokers(BrokerCluster cluster, Checked checked) throws Exception {
        for (int node = 1; node <= BrokerCluster.SIZE; node++) {
            longestRoundMillis.set(0);
            cluster.broker(node).restart();
            cluster.awaitInStep();
            awaitFlow("lines flow after the restart of broker " + node, checked);
            System.out.printf(
                    Locale.ROOT,
                    "broker %d restarted: a write waited %.1f s at most%n",
                    node,
                    longestRoundMillis.get() / 1e3);
        }
    }

    private void loseInstance(PushProcess one, Checked checked) throws Exception {
        one.kill();
        awaitFlow("the other instance has taken over", checked);
        one.restart();
        one.awaitReady();
    }

    private void restartInstances(List<PushProcess> instances, Checked checked) throws Exception {
        for (PushProcess instance : instances) {
            instance.restart();
            instance.awaitReady();
            awaitFlow("lines flow after the restart of an instance", checked);
        }
    }

    /** Waits until a line of every source that was sent from now on has come out, and says how long that took. */
    private void awaitFlow(String what, Checked checked) throws Exception {
        int from = rounds.get() + 1;
        long begin = System.nanoTime();
        Peers.await(what, PATIENCE, () -> checked.leastRound() >= from);
        System.out.printf(Locale.ROOT, "%s: after %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
    }

    /** A record of each source every 50 ms, acknowledged by two brokers before the next. */
    private void send(String kafka) {
        try (Producer<byte[], byte[]> producer = Topic.producer(kafka)) {
            while (!ending) {
                int round = rounds.get();
                long begin = System.nanoTime();
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int source = 0; source < SOURCES; source++) {
                    StringBuilder lines = new StringBuilder();
                    for (int i = 0; i < LINES; i++) {
                        lines.append(line(source, round, i)).append('\n');
                    }
                    sent.add(producer.send(
                            new ProducerRecord<>("metrics", bytes("source-" + source), bytes(lines.toString()))));
                }
                for (Future<RecordMetadata> one : sent) {
                    one.get();
                }
                long millis = (System.nanoTime() - begin) / 1_000_000;
                longestRoundMillis.accumulateAndGet(millis, Math::max);
                rounds.incrementAndGet();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A line of every source that closes its windows. */
    private void close(String kafka) throws Exception {
        try (Producer<byte[], byte[]> producer = Topic.producer(kafka)) {
            for (int source = 0; source < SOURCES; source++) {
                String line = series(source) + " value=0i " + (time(rounds.get(), 0) + CLOSING_MILLIS * 1_000_000);
                producer.send(new ProducerRecord<>("metrics", bytes("source-" + source), bytes(line)))
                        .get();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String series(int source) {
        return "load,source=s" + source;
    }

    private static String line(int source, int round, int i) {
        return series(source) + " value=" + value(round, i) + "i,state=\"" + round / ROUNDS_TO_A_STATE + "\" "
                + time(round, i);
    }

    private static long value(int round, int i) {
        return round * 31L % 1000 + i;
    }

    private static long time(int round, int i) {
        return (START_MILLIS + round * EVENT_MILLIS) * 1_000_000L + i;
    }

    private void compare(String kafka) throws Exception {
        int sent = rounds.get();
        Set<String> changes = new HashSet<>();
        Map<String, long[]> windows = new TreeMap<>();
        for (int round = 0; round < sent; round++) {
            for (int source = 0; source < SOURCES; source++) {
                if (round % ROUNDS_TO_A_STATE == 0) {
                    changes.add(series(source) + " state=\"" + round / ROUNDS_TO_A_STATE + "\" " + time(round, 0));
                }
                long end = (Math.floorDiv(START_MILLIS + round * EVENT_MILLIS, WINDOW_MILLIS) + 1) * WINDOW_MILLIS;
                long[] window = windows.computeIfAbsent(series(source) + " " + end + "000000", key -> new long[2]);
                for (int i = 0; i < LINES; i++) {
                    window[0] += value(round, i);
                    window[1]++;
                }
            }
        }
        Map<String, Object> committed = Map.of("isolation.level", "read_committed");
        try (Topic out = new Topic(kafka, "changes", committed)) {
            Peers.await("every change is there", PATIENCE, () -> out.lines().size() >= changes.size());
            assertThat(out.lines()).as("each change once").containsExactlyInAnyOrderElementsOf(changes);
        }
        Map<String, String> expected = new HashMap<>();
        windows.forEach((key, window) -> expected.put(key, "value_sum=" + window[0] + ",value_count=" + window[1]));
        try (Topic out = new Topic(kafka, "results", committed)) {
            Peers.await("every window came out", PATIENCE, () -> out.lines().size() >= expected.size());
            Map<String, String> results = new HashMap<>();
            for (String line : out.lines()) {
                int fields = line.indexOf(' ');
                int time = line.lastIndexOf(' ');
                results.put(line.substring(0, fields) + line.substring(time), line.substring(fields + 1, time));
            }
            assertThat(results).isEqualTo(expected);
            assertThat(out.lines()).as("each once").hasSize(expected.size());
        }
    }

    /** Checked lines as they come out of the Router. */
    private static final class Checked implements AutoCloseable {
        private final Topic topic;
        private final int[] lastRounds = new int[SOURCES];
        private final Set<String> seen = new HashSet<>();
        private int read;
        private int repeated;

        Checked(String kafka) {
            topic = new Topic(kafka, "checked", Map.of("isolation.level", "read_committed"));
            Arrays.fill(lastRounds, -1);
        }

        /** The last round of the source that is furthest behind. */
        int leastRound() {
            List<ConsumerRecord<byte[], byte[]>> records = topic.records();
            for (; read < records.size(); read++) {
                for (String line : Topic.text(records.get(read).value()).lines().toList()) {
                    repeated += seen.add(line) ? 0 : 1;
                    long nanos = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
                    int source = line.charAt(series(0).length() - 1) - '0';
                    int round = (int) ((nanos / 1_000_000 - START_MILLIS) / EVENT_MILLIS);
                    lastRounds[source] = Math.max(lastRounds[source], round);
                }
            }
            return Arrays.stream(lastRounds).min().orElseThrow();
        }

        void awaitAll(int sent) throws Exception {
            int lines = sent * SOURCES * LINES;
            Peers.await("every line has come out", PATIENCE, () -> {
                leastRound();
                return seen.size() >= lines;
            });
            for (int source = 0; source < SOURCES; source++) {
                for (int round = 0; round < sent; round++) {
                    for (int i = 0; i < LINES; i++) {
                        assertThat(seen.contains(line(source, round, i)))
                                .as("source %d, round %d, line %d", source, round, i)
                                .isTrue();
                    }
                }
            }
            System.out.printf("%d lines sent, %d came out, %d of them again%n", lines, seen.size(), repeated);
            assertThat(seen).hasSize(lines);
            assertThat(repeated).isZero();
        }

        @Override
        public void close() {
            topic.close();
        }
    }
}
