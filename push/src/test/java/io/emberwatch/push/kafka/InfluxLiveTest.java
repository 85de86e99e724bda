package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.push.message.ByteBuilder;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sensor to database: broker, Router and sink before a real InfluxDB 1.x, which is killed on the way. */
final class InfluxLiveTest {
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private final PushMetrics metrics = new PushMetrics(new CollectorRegistry());
    private int httpPort;
    private Path influxd;
    private Path settings;
    private Process database;

    @Test
    void storesEveryGoodLineThoughLinesAreBadAndTheDatabaseDies() throws Exception {
        throughThePushPath(
                "{input: in, database: {topic: db}, database_dialect: influxdb_1}",
                "{input: db, threads: 1, batch_lines: 500, http: {database: metrics, url: \"%s\"}}",
                running -> {
                    produce(running.writer, 0, 5000);
                    awaitCount(1);
                    database.destroyForcibly().waitFor();
                    produce(running.writer, 5000, 10_000);
                    database = start();
                    awaitCount(10_000);
                    assertThat(database.isAlive()).isTrue();
                    // One killer line and one type conflict to every record of a hundred; the last refusals are counted
                    // after the good lines beside them were stored.
                    long end = System.nanoTime() + DEADLINE.toNanos();
                    while (metrics.influxRefused.get() < 100 && System.nanoTime() < end) {
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                    assertThat(metrics.influxRefused.get()).isGreaterThanOrEqualTo(100);
                });
    }

    @Test
    void theWholeCorpusAmongGoodLinesKeepsNoneOfThemBack() throws Exception {
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        Assumptions.assumeTrue(corpus != null, "EMBERWATCH_CORPUS is not set");
        JsonNode vectors = new ObjectMapper()
                .readTree(Path.of(corpus, "lineprotocol", "corpus-half.json").toFile());
        throughThePushPath(
                "{input: in, database: {topic: db}, onoff: {topic: onoff}, aggregator: {topic: agg}}",
                "{input: db, http: {database: metrics, url: \"%s\"}}",
                running -> {
                    int good = 0;
                    for (JsonNode vector : vectors.get("decode")) {
                        JsonNode text = vector.get("input").get("text");
                        ByteBuilder record = new ByteBuilder(1000);
                        for (int i = 0; i < 10; i++) {
                            record.append("good,odd=a\\,b\\=c#d n=" + good + "i " + ++good + "\n");
                            if (i == 4) {
                                byte[] poison = text.isTextual()
                                        ? text.textValue().getBytes(StandardCharsets.UTF_8)
                                        : text.get("binary").binaryValue();
                                record.append(poison).append('\n');
                            }
                        }
                        running.writer.send("in", null, record.toByteArray(), fault -> {});
                    }
                    running.writer.flush();
                    awaitCount(good);
                    assertThat(count()).isEqualTo(good);
                    assertThat(database.isAlive()).isTrue();
                    assertThat(running.routing.liveThreads()).isEqualTo(1);
                    assertThat(running.storing.liveThreads()).isEqualTo(2);
                    assertThat(metrics.threadRestarts.labels("router").get()).isZero();
                    assertThat(metrics.threadRestarts.labels("influx").get()).isZero();
                });
    }

    private record Running(KafkaComponent routing, KafkaComponent storing, RecordWriter writer) {}

    private interface Scenario {
        void run(Running running) throws Exception;
    }

    /** A scenario with a database, a broker, a Router and a sink that run. */
    private void throughThePushPath(String routerYaml, String influxYaml, Scenario scenario) throws Exception {
        influxd = Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, "influxd"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(influxd != null, "influxd is not installed");
        httpPort = freePort();
        settings = writeSettings();
        database = start();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            query("POST", "CREATE DATABASE metrics");
            KafkaConfig kafka = ConfigReader.parse(
                    "kafka.yml", "bootstrap_servers: " + broker.bootstrapServers(), KafkaConfig.class);
            RouterConfig router = ConfigReader.parse("router.yml", routerYaml, RouterConfig.class);
            InfluxConfig influx = ConfigReader.parse(
                    "influx.yml", influxYaml.formatted("http://127.0.0.1:" + httpPort), InfluxConfig.class);
            try (KafkaComponent routing =
                            Router.create(kafka, router, metrics, InstantSource.system(), directory.resolve("r"));
                    KafkaComponent storing = InfluxConsumer.create(kafka, influx, "", metrics, InstantSource.system());
                    RecordWriter writer = new RecordWriter(kafka, "test")) {
                routing.start();
                storing.start();
                scenario.run(new Running(routing, storing, writer));
            }
        } finally {
            database.destroyForcibly().waitFor();
        }
    }

    private static void produce(RecordWriter writer, int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("good n=").append(i).append("i,u=1u ").append(i + 1).append('\n');
            if (i % 100 == 99) {
                lines.append("0 \\\\=\"=\"\n")
                        .append("good n=\"text\" ")
                        .append(i + 1)
                        .append('\n');
                writer.send("in", null, lines.toString().getBytes(StandardCharsets.UTF_8), fault -> {});
                lines.setLength(0);
            }
        }
        writer.flush();
    }

    private void awaitCount(int least) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        int count = 0;
        while (count < least) {
            assertThat(System.nanoTime()).as("stored " + count).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(100);
            count = count();
        }
    }

    private int count() {
        try {
            String answer = query("GET", "SELECT count(n) FROM good");
            int at = answer.lastIndexOf(',');
            return at < 0 || !answer.contains("values")
                    ? 0
                    : Integer.parseInt(
                            answer.substring(at + 1).replaceAll("[^0-9].*", "").strip());
        } catch (IOException e) {
            return 0;
        }
    }

    private String query(String method, String query) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + httpPort + "/query?db=metrics&q="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setReadTimeout(5000);
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private Process start() throws Exception {
        Process process = new ProcessBuilder(List.of(influxd.toString(), "-config", settings.toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("influxd.log").toFile())
                .start();
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            try {
                query("GET", "SHOW DATABASES");
                return process;
            } catch (IOException e) {
                assertThat(process.isAlive()).isTrue();
                assertThat(System.nanoTime()).isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private Path writeSettings() throws IOException {
        return Files.writeString(directory.resolve("influxdb.conf"), """
                reporting-disabled=true
                bind-address="127.0.0.1:%d"
                [meta]
                dir="%3$s/meta"
                [data]
                dir="%3$s/data"
                wal-dir="%3$s/wal"
                query-log-enabled=false
                [http]
                bind-address="127.0.0.1:%2$d"
                log-enabled=false
                [monitor]
                store-enabled=false
                """.formatted(freePort(), httpPort, directory));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
