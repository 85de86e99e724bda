package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.log.Logging;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * InfluxDB is slow, or away for long; Kafka is not there at the start, or away for long while the collector goes on taking
 * lines. Each outage lasts 30 s;
 * {@code -Demberwatch.push.outage.seconds=600} makes it ten minutes.
 */
@EnabledIfSystemProperty(
        named = "emberwatch.push.long",
        matches = "true",
        disabledReason = "takes three minutes: -Demberwatch.push.long=true")
final class PushOutageTest {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("emberwatch.push.outage.seconds", 30));
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LINES = 100;
    private static final int RECORDS_TO_A_BAD_POINT = 20;
    private static final long PAUSE_MILLIS = 50;
    private static final String CONFIG = """
            push:
              kafka: {bootstrap_servers: "%s", partitions: 2}
              router: {input: metrics, database: {topic: influxdb-topic}}
              influx:
                http: {url: "%s", database: outage, timeout: 3s}
                threads: 1
                properties: {max.poll.interval.ms: "30000"}
            """;

    private static final String COLLECTOR = """
            exporter:
              host: {enabled: false}
              sensors: []
              influx: {http: true}
            push:
              kafka: {bootstrap_servers: "%s"}
              collector: {key: this-host}
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final AtomicInteger records = new AtomicInteger();
    private volatile boolean ending;

    @BeforeAll
    static void keepKafkaQuiet() {
        Logging.configure("warn");
    }

    @Test
    void aSlowDatabaseIsWaitedForWithoutLosingTheGroup() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder);
                InfluxServer influx = InfluxServer.start(folder);
                SlowDoor door = new SlowDoor(URI.create(influx.url()).getPort())) {
            influx.createDatabase("outage");
            door.delay(Duration.ofSeconds(2));
            Path config = Files.writeString(
                    folder.resolve("push.yml"), CONFIG.formatted(broker.bootstrapServers(), door.url()));
            try (PushProcess push = new PushProcess(folder, "push", "all", config);
                    Producer<byte[], byte[]> producer = producer(broker.bootstrapServers())) {
                push.awaitReady();
                for (int record = 0; record < 1000; record++) {
                    send(producer, record, false);
                }
                producer.flush();
                Peers.await(
                        "half is stored by a database that takes 2 s for each request",
                        PATIENCE,
                        () -> count(influx) >= 50_000);
                door.delay(Duration.ofSeconds(10));
                Peers.await(
                        "the sink says that its database does not answer in time",
                        PATIENCE,
                        () -> push.ready().contains("cannot store"));
                door.delay(Duration.ZERO);
                Peers.await("all is stored", PATIENCE, () -> count(influx) == 100_000);
                push.awaitReady();
                assertThat(push.sum("emberwatch_push_influx_lines_total")).isEqualTo(100_000);
                assertThat(push.sum("emberwatch_push_thread_restarts_total"))
                        .as("it was never taken for dead")
                        .isZero();
            }
        }
    }

    @Test
    void withoutABrokerAtTheStartItWaitsAndSaysSo() throws Exception {
        try (BrokerProcess broker = BrokerProcess.stopped(folder);
                InfluxServer influx = InfluxServer.start(folder)) {
            influx.createDatabase("outage");
            try (PushProcess push = new PushProcess(folder, "push", "all", config(broker, influx))) {
                outlast("no broker at the start");
                assertThat(push.ready()).contains("router waits").contains("influx waits");
                broker.restart();
                push.awaitReady();
            }
        }
    }

    @Test
    void whatComesWhileTheDatabaseIsAwayIsStoredAfterwards() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder);
                InfluxServer influx = InfluxServer.start(folder)) {
            influx.createDatabase("outage");
            try (PushProcess push = new PushProcess(folder, "push", "all", config(broker, influx));
                    Producer<byte[], byte[]> producer = producer(broker.bootstrapServers())) {
                push.awaitReady();
                influx.write("outage", "load value=0i 1\n");
                Thread load = load(record -> {
                    send(producer, record, true);
                    producer.flush();
                });
                try {
                    Peers.await("lines are stored", PATIENCE, () -> count(influx) > LINES);
                    influx.kill();
                    outlast("no database");
                    assertThat(push.ready()).contains("cannot store");
                    influx.restart();
                    awaitDrained(push, influx);
                } finally {
                    ending = true;
                    load.join();
                }
                awaitAll(push, influx);
                awaitDeadLetters(broker);
            }
        }
    }

    @Test
    void whatTheCollectorTakesWhileTheBrokerIsAwayIsStoredAfterwards() throws Exception {
        int port = Peers.freePort();
        try (BrokerProcess broker = BrokerProcess.start(folder);
                InfluxServer influx = InfluxServer.start(folder)) {
            influx.createDatabase("outage");
            influx.write("outage", "load value=0i 1\n");
            Path collecting =
                    Files.writeString(folder.resolve("exporter.yml"), COLLECTOR.formatted(broker.bootstrapServers()));
            try (PushProcess push = new PushProcess(folder, "push", "all", config(broker, influx));
                    ServerProcess exporter = Program.start(
                            "exporter",
                            folder,
                            "exporter",
                            "--config=" + collecting,
                            "--listen=127.0.0.1:" + port,
                            "--data=" + folder.resolve("exporter-data"))) {
                push.awaitReady();
                String url = "http://127.0.0.1:" + port;
                Peers.await("the exporter is ready", PATIENCE, () -> Http.isOk(url + "/-/ready"));
                Thread load = load(record -> assertThat(
                                Http.post(url + "/write?db=outage", "text/plain", lines(record, false))
                                        .statusCode())
                        .isEqualTo(204));
                try {
                    Peers.await("lines are stored", PATIENCE, () -> count(influx) > LINES);
                    broker.kill();
                    outlast("no broker");
                    assertThat(exporter.isAlive()).isTrue();
                    broker.restart();
                    awaitDrained(push, influx);
                } finally {
                    ending = true;
                    load.join();
                }
                awaitAll(push, influx);
            }
        }
    }

    private Path config(BrokerProcess broker, InfluxServer influx) throws IOException {
        return Files.writeString(folder.resolve("push.yml"), CONFIG.formatted(broker.bootstrapServers(), influx.url()));
    }

    /** One line was there before. */
    private long sentLines() {
        return 1 + (long) records.get() * LINES;
    }

    private static void outlast(String what) throws Exception {
        System.out.println(what + " for " + OUTAGE.toSeconds() + " s");
        long end = System.nanoTime() + OUTAGE.toNanos();
        Peers.await(what, OUTAGE.plus(PATIENCE), () -> System.nanoTime() > end);
    }

    /** What waits is stored at least twice as fast as more comes in. */
    private void awaitDrained(PushProcess push, InfluxServer influx) throws Exception {
        long waiting = sentLines() - count(influx);
        int before = records.get();
        long begin = System.nanoTime();
        awaitStored("what waited is stored", push, influx, 20L * LINES);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double in = (records.get() - before) * LINES / seconds;
        double out = in + waiting / seconds;
        System.out.printf(
                Locale.ROOT,
                "%d lines waited, stored within %.1f s at %.0f lines/s while %.0f came in%n",
                waiting,
                seconds,
                out,
                in);
        assertThat(out).isGreaterThan(2 * in);
    }

    private void awaitAll(PushProcess push, InfluxServer influx) throws Exception {
        awaitStored("all is stored", push, influx, 0);
        assertThat(count(influx)).isEqualTo(sentLines());
        System.out.println(sentLines() + " lines sent, as many stored");
        push.awaitReady();
    }

    /** Asks the sink until it has stored as much, and only then the database, which counts for long. */
    private void awaitStored(String what, PushProcess push, InfluxServer influx, long but) throws Exception {
        Peers.await(
                what,
                PATIENCE.plus(OUTAGE),
                () -> push.sum("emberwatch_push_influx_lines_total") + 1 >= sentLines() - but
                        && count(influx) >= sentLines() - but);
    }

    private void awaitDeadLetters(BrokerProcess broker) throws Exception {
        try (Topic dead = new Topic(broker.bootstrapServers(), "influxdb-topic.dead")) {
            Set<String> bad = new HashSet<>();
            for (int record = 0; record < records.get(); record += RECORDS_TO_A_BAD_POINT) {
                bad.add(badLine(record));
            }
            Peers.await(
                    "every bad point is a dead letter",
                    PATIENCE,
                    () -> new HashSet<>(dead.lines()).size() >= bad.size());
            assertThat(new HashSet<>(dead.lines())).isEqualTo(bad);
            assertThat(dead.records())
                    .allSatisfy(record -> assertThat(Topic.header(record, "reason"))
                            .startsWith("refused: 400")
                            .contains("field type conflict"));
        }
    }

    /** Brings a record of lines somewhere. */
    private interface Way {
        void bring(int record) throws IOException;
    }

    private Thread load(Way way) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!ending) {
                            way.bring(records.get());
                            records.incrementAndGet();
                            Thread.sleep(PAUSE_MILLIS);
                        }
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                "load");
        thread.start();
        return thread;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not there in the end is missed
    private static void send(Producer<byte[], byte[]> producer, int record, boolean someBad) {
        byte[] value = lines(record, someBad).getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>("metrics", value));
    }

    private static String lines(int record, boolean someBad) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            lines.append("load value=")
                    .append(i)
                    .append("i,text=\"a rather long text, so that lines have a length as usual\" ")
                    .append(2L + record * (long) LINES + i)
                    .append('\n');
        }
        if (someBad && record % RECORDS_TO_A_BAD_POINT == 0) {
            lines.append(badLine(record)).append('\n');
        }
        return lines.toString();
    }

    /** Of another type than what is stored: InfluxDB refuses it, and says so of the whole request. */
    private static String badLine(int record) {
        return "load value=\"text\" " + record;
    }

    private static Producer<byte[], byte[]> producer(String kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "delivery.timeout.ms", "3600000", "max.block.ms", "3600000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static long count(InfluxServer influx) throws IOException {
        return influx.figure("outage", "SELECT count(value) FROM load");
    }
}
