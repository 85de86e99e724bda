package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.push.demo.LoadSource;
import io.emberwatch.push.kafka.KafkaComponent;
import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.push.kafka.Router;
import io.emberwatch.push.kafka.RouterConfig;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.log.Logging;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Properties;

/** Processor time of a line through the Router with three outputs, beside a Router of strings and flatMaps. */
public final class RouterBenchmark implements Benchmark {
    private static final int SOURCES = 1000;
    private static final int RECORDS = 4000;
    private static final int LINES = RECORDS * LoadSource.LINES;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 2;
    private static final String CONFIG = """
            input: %s
            application_id: ours-%s
            batched: %s
            database: {topic: db-ours}
            onoff: {topic: onoff-ours, filters: [{measurement: dcs_state, fields: [state, "on"]}]}
            aggregator:
              topic: agg-ours
              filters:
                - {measurement: cpu, fields: [user, system]}
                - {measurement: net, fields: [rx]}
            """;

    @Override
    public String name() {
        return "push/router";
    }

    @Override
    public String description() {
        return "CPU per line, three outputs, 100 lines a record, beside String serdes, one line a record, a flatMap per rule";
    }

    @Override
    public void run(Report report) throws IOException {
        Logging.configure("error");
        Path folder = Files.createTempDirectory("router-benchmark");
        try (Processes processes = new Processes(folder)) {
            KafkaConfig kafka = Settings.kafka(processes.broker().port, 2);
            Settings.topics(
                    kafka,
                    "many",
                    "single",
                    "db-ours",
                    "onoff-ours",
                    "agg-ours",
                    "db-naive",
                    "onoff-naive",
                    "agg-naive");
            fill(kafka);
            double[] ours = new double[ROUNDS];
            double[] batched = new double[ROUNDS];
            double[] alone = new double[ROUNDS];
            double[] peer = new double[ROUNDS];
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                double naive = naive(kafka, folder, round);
                double own = ours(kafka, folder, "many", round + "-plain", false);
                double together = ours(kafka, folder, "many", round + "-batched", true);
                double single = ours(kafka, folder, "single", round + "-single", false);
                report.say(String.format(
                        Locale.ROOT,
                        "%.2f, batched %.2f, one line a record %.2f; naive %.2f µs/line",
                        own,
                        together,
                        single,
                        naive));
                if (round >= 0) {
                    ours[round] = own;
                    batched[round] = together;
                    alone[round] = single;
                    peer[round] = naive;
                }
            }
            double naive = Measured.median(peer);
            report.atMost(
                    "Router, three outputs, batched internal format", Measured.median(batched), naive, "µs/line", 0.35);
            report.atMost(
                    "Router, three outputs, one field a record as upstream",
                    Measured.median(ours),
                    naive,
                    "µs/line",
                    0.35);
            report.atMost("Router, one line and one field a record", Measured.median(alone), naive, "µs/line", 1);
        }
    }

    private static void fill(KafkaConfig kafka) {
        LoadSource[] sources = new LoadSource[SOURCES];
        try (RecordWriter writer = new RecordWriter(kafka, "fill")) {
            for (int i = 0; i < RECORDS; i++) {
                LoadSource source = sources[i % SOURCES];
                if (source == null) {
                    source = new LoadSource(i);
                    sources[i] = source;
                }
                byte[] lines = source.next(1_700_000_000_000_000_000L + i * 1_000_000L);
                writer.send("many", source.key(), lines, fault -> {});
                for (String line : new String(lines, StandardCharsets.UTF_8).split("\n", -1)) {
                    if (!line.isEmpty()) {
                        writer.send("single", source.key(), line.getBytes(StandardCharsets.UTF_8), fault -> {});
                    }
                }
            }
            writer.flush();
        }
    }

    private static double ours(KafkaConfig kafka, Path folder, String input, String id, boolean batched)
            throws IOException {
        RouterConfig config = Settings.parse(CONFIG.formatted(input, id, batched), RouterConfig.class);
        PushMetrics metrics = new PushMetrics(new CollectorRegistry());
        double before = Measured.ownCpuSeconds();
        try (KafkaComponent router =
                Router.create(kafka, config, metrics, InstantSource.system(), folder.resolve("streams"))) {
            router.start();
            while (metrics.routerLines.get() < LINES) {
                Processes.pause(5);
            }
        }
        return (Measured.ownCpuSeconds() - before) * 1e6 / LINES;
    }

    private static double naive(KafkaConfig kafka, Path folder, int round) throws IOException {
        Properties properties = properties(kafka, folder, "naive-router-" + round);
        double before = Measured.ownCpuSeconds();
        try (NaiveRouter router = new NaiveRouter(properties, "single", "-naive")) {
            router.start();
            while (router.lines() < LINES) {
                Processes.pause(5);
            }
        }
        return (Measured.ownCpuSeconds() - before) * 1e6 / LINES;
    }

    /** The peer has the same clients' settings as ours, which are better than upstream's. */
    static Properties properties(KafkaConfig kafka, Path folder, String application) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", kafka.bootstrapServers());
        properties.setProperty("application.id", application);
        properties.setProperty("state.dir", folder.resolve("streams").toString());
        properties.setProperty("commit.interval.ms", "1000");
        properties.setProperty("producer.compression.type", "lz4");
        properties.setProperty("producer.acks", "all");
        properties.setProperty("producer.linger.ms", "5");
        properties.setProperty("producer.batch.size", Integer.toString(256 << 10));
        properties.setProperty("main.consumer.max.poll.records", "5000");
        properties.setProperty("main.consumer.max.partition.fetch.bytes", Integer.toString(4 << 20));
        properties.setProperty("processing.exception.handler.global.enabled", "true");
        return properties;
    }
}
