package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scorer's textfile, read by a real node_exporter: while the scorer is killed at any moment ({@code
 * -Demberwatch.kills=200} makes it often), while nothing answers it, and while the disk is full.
 */
final class ScoreTextfileTest {
    private static final int KILLS = Integer.getInteger("emberwatch.kills", 3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SCORE = "\nmini_cluster_score{cluster=\"c\"} 10\n";

    @TempDir
    private Path folder;

    private HttpServer answers;
    private int scorerPort;

    @BeforeEach
    void answer() throws IOException {
        answers = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] vector = """
                {"status":"success","data":{"resultType":"vector","result":[
                {"metric":{"cluster":"c","instance":"a"},"value":[1,"1"]},
                {"metric":{"cluster":"c","instance":"b"},"value":[1,"1"]}]}}
                """.getBytes(StandardCharsets.UTF_8);
        answers.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, vector.length);
            exchange.getResponseBody().write(vector);
            exchange.close();
        });
        answers.start();
        scorerPort = Peers.freePort();
    }

    @AfterEach
    void silence() {
        answers.stop(0);
    }

    private ServerProcess scorer(Path textfile) throws IOException {
        Path model = Files.writeString(folder.resolve("mini.yml"), """
                name: mini
                prefix: mini
                members: [present]
                indicators: [{name: one, weight: 1, inputs: [one], steps: [{above: 2, score: 0}]}]
                """);
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                scorer:
                  model: %s
                  interval: 1s
                  stale_after: 5s
                  textfile: %s
                  prometheus: [{url: "http://127.0.0.1:%d"}]
                """.formatted(
                        model, textfile, answers.getAddress().getPort()));
        return Program.start("scorer", folder, "scorer", "--config=" + config, "--listen=127.0.0.1:" + scorerPort);
    }

    private ServerProcess nodeExporter(Path directory, int port) throws IOException {
        return ServerProcess.start(
                "node-exporter",
                folder,
                List.of(
                        Peers.program("/usr/bin/prometheus-node-exporter", "prometheus-node-exporter"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--collector.disable-defaults",
                        "--collector.textfile",
                        "--collector.textfile.directory=" + directory));
    }

    @Test
    void nodeExporterAlwaysReadsAWholePageThoughTheWriterIsKilled() throws Exception {
        Path directory = Files.createDirectories(folder.resolve("textfiles"));
        Path file = directory.resolve("heat.prom");
        int port = Peers.freePort();
        String page = "http://127.0.0.1:" + port + "/metrics";
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicInteger scrapes = new AtomicInteger();
        try (ServerProcess exporter = nodeExporter(directory, port)) {
            for (int life = 0; life < KILLS; life++) {
                try (ServerProcess scorer = scorer(file)) {
                    Peers.await(
                            "the second page",
                            PATIENCE,
                            () -> Files.exists(file)
                                    && Files.readString(file).contains("\nemberwatch_scorer_runs_total 2"));
                    if (life == 0) {
                        Peers.await(
                                "it is scraped",
                                PATIENCE,
                                () -> Http.get(page).body().contains(SCORE));
                        watch(page, wrong, scrapes);
                    }
                    TimeUnit.MILLISECONDS.sleep(life * 37 % 1000);
                    scorer.kill();
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(scrapes.get()).isGreaterThan(KILLS);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r--r--");

            try (ServerProcess scorer = scorer(file)) {
                Peers.await("it goes on", PATIENCE, () -> Http.isOk("http://127.0.0.1:" + scorerPort + "/-/ready"));
                watching = false;
                answers.stop(0);
                Peers.await("what is stale is shown as unknown", PATIENCE, () -> {
                    String body = Http.get(page).body();
                    return !body.contains("mini_cluster_score{")
                            && body.contains("\nmini_cluster_confidence{cluster=\"c\"} 0\n")
                            && body.contains("\nemberwatch_scorer_up 0\n")
                            && body.contains("\nnode_textfile_scrape_error 0\n");
                });
                assertThat(scorer.isAlive()).isTrue();
            }
        }
    }

    private volatile boolean watching = true;

    private void watch(String page, Queue<String> wrong, AtomicInteger scrapes) {
        Thread thread = new Thread(
                () -> {
                    while (watching) {
                        try {
                            String body = Http.get(page).body();
                            if (watching
                                    && (!body.contains(SCORE) || !body.contains("\nnode_textfile_scrape_error 0\n"))) {
                                wrong.add(body);
                            }
                            scrapes.incrementAndGet();
                            TimeUnit.MILLISECONDS.sleep(10);
                        } catch (IOException | InterruptedException ended) {
                            return;
                        }
                    }
                },
                "scrapes");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void onAFullDiskTheOldPageStaysWholeAndScoresGoOn() throws Exception {
        try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("disk"), "128k")) {
            Path file = disk.folder().resolve("heat.prom");
            try (ServerProcess scorer = scorer(file)) {
                Peers.await(
                        "a page",
                        PATIENCE,
                        () -> Files.exists(file) && Files.readString(file).contains(SCORE.strip()));
                Path filling = disk.fill();
                Peers.await(
                        "the fault is counted",
                        PATIENCE,
                        () -> own("emberwatch_scorer_failures_total{reason=\"textfile\"}") >= 2);
                String kept = Files.readString(file);
                assertThat(kept).contains(SCORE.strip()).endsWith("\n");
                double runs = own("emberwatch_scorer_runs_total");
                Peers.await("scores go on", PATIENCE, () -> own("emberwatch_scorer_runs_total") > runs);
                assertThat(scorer.output()).contains("cannot write", "No space left");
                assertThat(Files.readString(file)).isEqualTo(kept);

                Files.delete(filling);
                Peers.await(
                        "it is written again",
                        PATIENCE,
                        () -> !Files.readString(file).equals(kept));
                try (var files = Files.list(disk.folder())) {
                    assertThat(files).containsExactly(file);
                }
            }
        }
    }

    private double own(String series) throws IOException {
        return Http.get("http://127.0.0.1:" + scorerPort + "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
