package io.emberwatch.benchmarks.push;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.push.kafka.ConsumerLoop;
import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.log.Logging;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * How long lines stand still when a Router and a sink, of two each, are killed at once, with our settings and with those
 * that Kafka's clients have by themselves; and how long nothing can be produced when the broker is killed.
 */
public final class TakeoverBenchmark implements Benchmark {
    private static final int PARTITIONS = 4;
    private static final double LINES_PER_SECOND = 20_000;
    private static final int ROUNDS = 3;
    private static final long CALM_MILLIS = 5_000;
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final String CONFIG = """
            push:
              kafka: {bootstrap_servers: "127.0.0.1:%d", partitions: %d}
              router: {input: metrics, database: {topic: influxdb-topic}, properties: {%s}}
              influx: {input: metrics, http: {url: "http://127.0.0.1:%d", database: bench}, properties: {%s}}
            """;
    private static final String ROUTER_DEFAULTS =
            "main.consumer.session.timeout.ms: '45000', main.consumer.heartbeat.interval.ms: '3000'";
    private static final String SINK_DEFAULTS = "session.timeout.ms: '45000', heartbeat.interval.ms: '3000'";

    private final InstantSource clock = InstantSource.system();

    /** Seconds until lines came again. */
    private record Takeover(double router, double sink) {}

    @Override
    public String name() {
        return "push/takeover";
    }

    @Override
    public String description() {
        return "kill -9 of a Router and a sink of two each, our settings beside the clients' own; kill -9 of the broker";
    }

    @Override
    public void run(Report report) throws IOException {
        Logging.configure("error");
        Takeover defaults = takeovers(report, ROUTER_DEFAULTS, SINK_DEFAULTS, 1, false);
        Takeover ours = takeovers(report, "", "", ROUNDS, true);
        row(report, "Router killed", ours.router, defaults.router);
        row(report, "sink killed", ours.sink, defaults.sink);
    }

    private static void row(Report report, String what, double ours, double defaults) {
        report.atMost(what + ", lines stand still, beside the clients' own settings", ours, defaults, "s", 1);
        report.figure(what + ", lines stand still", ours, "s", "≤ 8", ours <= 8);
    }

    private Takeover takeovers(Report report, String routing, String storing, int rounds, boolean killBroker)
            throws IOException {
        Path folder = Files.createTempDirectory("takeover-benchmark");
        Delivered routed = new Delivered(PARTITIONS);
        Delivered stored = new Delivered(PARTITIONS);
        HttpServer database = database(stored);
        try (Processes processes = new Processes(folder)) {
            Processes.One broker = processes.broker();
            KafkaConfig kafka = Settings.kafka(broker.port, PARTITIONS);
            Settings.topics(kafka, "metrics", "influxdb-topic", "metrics.dead", "influxdb-topic.dead", "probe");
            Path config = Files.writeString(
                    folder.resolve("push.yml"),
                    CONFIG.formatted(
                            broker.port,
                            PARTITIONS,
                            routing,
                            database.getAddress().getPort(),
                            storing));
            Pairs pairs = new Pairs(processes, config);
            try (ConsumerLoop reader = new ConsumerLoop(
                            "reader",
                            kafka,
                            new ConsumerLoop.ConsumerGroup("influxdb-topic", "reader", Map.of()),
                            records -> {
                                records.forEach(record -> take(routed, record.value()));
                                return Duration.ZERO;
                            },
                            new PushMetrics(new CollectorRegistry()));
                    RecordWriter writer = new RecordWriter(kafka, "load");
                    PacedLoad load = new PacedLoad(writer, "metrics", LINES_PER_SECOND, () -> 0)) {
                reader.start();
                await(routed, stored, clock.millis());
                double[] routers = new double[rounds];
                double[] sinks = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    Processes.pause(CALM_MILLIS);
                    long killed = clock.millis();
                    pairs.kill(round % 2);
                    double[] seconds = await(routed, stored, killed);
                    routers[round] = seconds[0];
                    sinks[round] = seconds[1];
                    report.say(String.format(
                            Locale.ROOT, "Router stood still for %.1f s, sink for %.1f s", seconds[0], seconds[1]));
                    pairs.start(round % 2);
                }
                if (killBroker) {
                    killBroker(report, processes, broker, kafka);
                    await(routed, stored, clock.millis());
                }
                compare(report, load.end(), routed, stored);
                return new Takeover(Measured.median(routers), Measured.median(sinks));
            }
        } finally {
            database.stop(0);
        }
    }

    private static void take(Delivered delivered, byte @Nullable [] lines) {
        if (lines != null) {
            delivered.take(lines);
        }
    }

    /** Two Routers and two sinks. */
    private static final class Pairs {
        private final Processes processes;
        private final Path config;
        private final Processes.One[] routers = new Processes.One[2];
        private final Processes.One[] sinks = new Processes.One[2];
        private int started;

        Pairs(Processes processes, Path config) throws IOException {
            this.processes = processes;
            this.config = config;
            start(0);
            start(1);
        }

        void start(int which) throws IOException {
            started++;
            routers[which] = processes.component("router", config, started, List.of());
            sinks[which] = processes.component("influx", config, started, List.of());
            Processes.await("http://127.0.0.1:" + routers[which].port + "/-/ready");
            Processes.await("http://127.0.0.1:" + sinks[which].port + "/-/ready");
        }

        void kill(int which) throws IOException {
            try {
                routers[which].kill();
                sinks[which].kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    /** A database that keeps nothing but which lines came. */
    private static HttpServer database(Delivered stored) throws IOException {
        HttpServer database = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService workers = Executors.newFixedThreadPool(PARTITIONS, task -> {
            Thread thread = new Thread(task, "database");
            thread.setDaemon(true);
            return thread;
        });
        database.setExecutor(workers);
        database.createContext("/", exchange -> {
            stored.take(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        database.start();
        return database;
    }

    /** Seconds since then until of every partition a line made after it was routed, and one was stored. */
    private double[] await(Delivered routed, Delivered stored, long millis) throws IOException {
        double[] seconds = new double[2];
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (seconds[0] == 0 || seconds[1] == 0) {
            if (System.nanoTime() > end) {
                throw new IOException("lines have stood still for " + PATIENCE_NANOS / 1_000_000_000 + " s");
            }
            double now = Math.max(1, clock.millis() - millis) / 1e3;
            seconds[0] = seconds[0] == 0 && routed.isPast(millis) ? now : seconds[0];
            seconds[1] = seconds[1] == 0 && stored.isPast(millis) ? now : seconds[1];
            Processes.pause(20);
        }
        return seconds;
    }

    private static void killBroker(Report report, Processes processes, Processes.One broker, KafkaConfig kafka)
            throws IOException {
        try (RecordWriter probe = new RecordWriter(kafka, "probe")) {
            byte[] value = "probe value=1 1\n".getBytes(StandardCharsets.US_ASCII);
            probe.send("probe", null, value, fault -> {});
            probe.flush();
            broker.kill();
            long begin = System.nanoTime();
            processes.broker(broker.port);
            probe.send("probe", null, value, fault -> {});
            probe.flush();
            double seconds = (System.nanoTime() - begin) / 1e9;
            boolean met = seconds <= 15 && probe.failed() == 0;
            report.figure("broker killed and started again, producing again after", seconds, "s", "≤ 15", met);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void compare(Report report, long sent, Delivered routed, Delivered stored) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS / 2;
        while ((routed.distinct() < sent || stored.distinct() < sent) && System.nanoTime() < end) {
            Processes.pause(100);
        }
        long lost = 2 * sent - routed.distinct() - stored.distinct();
        report.figure("lost of " + sent + " lines routed and stored through all this", lost, "lines", "0", lost == 0);
    }
}
