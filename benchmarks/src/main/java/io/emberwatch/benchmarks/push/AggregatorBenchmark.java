package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.push.kafka.Aggregator;
import io.emberwatch.push.kafka.AggregatorConfig;
import io.emberwatch.push.kafka.KafkaComponent;
import io.emberwatch.push.kafka.KafkaConfig;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Processor time of a message through the Aggregator, beside a windowed aggregation in the DSL of Kafka Streams. */
public final class AggregatorBenchmark implements Benchmark {
    private static final int MESSAGES = 400_000;
    private static final int SERIES = 10_000;
    private static final long SPAN_MILLIS = 60_000;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 2;
    private static final String CONFIG = """
            input: fields
            output: results
            group: ours-%s
            time: record
            aggregations: [{functions: [avg, sum, min, max], measurement: cpu, fields: [user]}]
            """;

    @Override
    public String name() {
        return "push/aggregator";
    }

    @Override
    public String description() {
        return "CPU per message, 10 s windows over 10 000 series, beside the DSL of Kafka Streams over the same records";
    }

    @Override
    @SuppressWarnings("SystemClock") // a broker deletes what is old
    public void run(Report report) throws IOException {
        Logging.configure("error");
        Path folder = Files.createTempDirectory("aggregator-benchmark");
        try (Processes processes = new Processes(folder)) {
            KafkaConfig kafka = Settings.kafka(processes.broker().port, 2);
            Settings.topics(kafka, "fields", "results", "results-naive");
            fill(kafka, InstantSource.system().millis() - 3 * SPAN_MILLIS);
            double[] ours = new double[ROUNDS];
            double[] peer = new double[ROUNDS];
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                double naive = naive(kafka, folder, round);
                double own = ours(kafka, round);
                report.say(String.format(Locale.ROOT, "%.2f and %.2f µs/message", own, naive));
                if (round >= 0) {
                    ours[round] = own;
                    peer[round] = naive;
                }
            }
            report.atMost(
                    "Aggregator, one field a record", Measured.median(ours), Measured.median(peer), "µs/message", 0.25);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // flushed
    private static void fill(KafkaConfig kafka, long from) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", kafka.bootstrapServers());
        properties.setProperty("linger.ms", "5");
        properties.setProperty("compression.type", "lz4");
        byte[] key = "cpu#user".getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < MESSAGES; i++) {
                long time = from + SPAN_MILLIS * i / MESSAGES;
                int series = i % SERIES;
                String value = "host=flp" + series / 10 + ",cpu=cpu" + series % 10 + "#" + i % 1000 / 10.0 + "#" + time
                        + "000000";
                producer.send(
                        new ProducerRecord<>("fields", series % 2, time, key, value.getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }

    private static double ours(KafkaConfig kafka, int round) throws IOException {
        AggregatorConfig config = Settings.parse(CONFIG.formatted(round), AggregatorConfig.class);
        PushMetrics metrics = new PushMetrics(new CollectorRegistry());
        double before = Measured.ownCpuSeconds();
        try (KafkaComponent aggregator = Aggregator.create(kafka, config, metrics, InstantSource.system())) {
            aggregator.start();
            while (metrics.aggregatorMessages.get() < MESSAGES) {
                Processes.pause(5);
            }
        }
        return (Measured.ownCpuSeconds() - before) * 1e6 / MESSAGES;
    }

    private static double naive(KafkaConfig kafka, Path folder, int round) throws IOException {
        Properties properties = RouterBenchmark.properties(kafka, folder, "naive-aggregator-" + round);
        double before = Measured.ownCpuSeconds();
        try (NaiveAggregator aggregator = new NaiveAggregator(properties, "fields", "results-naive")) {
            aggregator.start();
            while (aggregator.messages() < MESSAGES) {
                Processes.pause(5);
            }
        }
        return (Measured.ownCpuSeconds() - before) * 1e6 / MESSAGES;
    }
}
