package io.emberwatch.push.kafka;

import io.emberwatch.push.influx.HttpConfig;
import io.emberwatch.push.influx.HttpStore;
import io.emberwatch.push.influx.InfluxSink;
import io.emberwatch.push.influx.LineStore;
import io.emberwatch.push.influx.UdpConfig;
import io.emberwatch.push.influx.UdpLoss;
import io.emberwatch.push.influx.UdpStore;
import io.emberwatch.push.metrics.PushMetrics;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/** Brings a topic's lines into InfluxDB and commits what is stored. */
public final class InfluxConsumer implements KafkaComponent {
    /** The component's name. */
    public static final String NAME = "influx";

    /** As they come, compressed: some thousand usual lines. */
    private static final String FETCH_MIN_BYTES = Integer.toString(128 << 10);

    private static final String FETCH_MAX_WAIT_MILLIS = "200";

    private final List<Worker> workers = new ArrayList<>();
    private final String name;
    private final PushMetrics metrics;
    private final InstantSource clock;
    private final List<UdpStore> udpStores = new ArrayList<>();
    private @Nullable UdpLoss udpLoss;

    private InfluxConsumer(String name, PushMetrics metrics, InstantSource clock) {
        this.name = name;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The component's name where there are several databases; {@value #NAME} for an empty one. */
    public static String name(String instance) {
        return instance.isEmpty() ? NAME : NAME + "-" + instance;
    }

    /**
     * A consumer that is not started yet. Its topics exist on return; the database need not be there.
     *
     * @param instance its name where there are several, otherwise empty
     * @param clock tells the age of records
     * @throws IOException when Kafka does not answer or topics are missing
     */
    public static InfluxConsumer create(
            KafkaConfig kafka, InfluxConfig config, String instance, PushMetrics metrics, InstantSource clock)
            throws IOException {
        Topics.require(kafka, config.topics());
        InfluxConsumer consumer = new InfluxConsumer(name(instance), metrics, clock);
        UdpConfig udp = config.udp();
        URI statistics = udp == null ? null : udp.statistics();
        if (udp != null && statistics != null) {
            consumer.udpLoss = new UdpLoss(statistics, udp.ports());
            metrics.udpLost.labels(consumer.name);
        }
        for (int i = 0; i < config.threads(); i++) {
            ConsumerLoop.ConsumerGroup group = new ConsumerLoop.ConsumerGroup(
                    config.input(),
                    config.group(),
                    ClientProperties.ofThread(properties(kafka, config), i, config.threads()));
            consumer.add(kafka, config, group);
        }
        return consumer;
    }

    /**
     * Of the consumer: a request of a hundred lines costs InfluxDB twice as much for each as one of thousands, so a fetch
     * waits for some, though not for long.
     */
    static Map<String, String> properties(KafkaConfig kafka, InfluxConfig config) {
        Map<String, String> properties = new HashMap<>();
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_MIN_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MILLIS);
        properties.putAll(kafka.properties());
        properties.putAll(config.properties());
        return properties;
    }

    private void add(KafkaConfig kafka, InfluxConfig config, ConsumerLoop.ConsumerGroup group) throws IOException {
        LineStore store = store(config);
        if (store instanceof UdpStore udp) {
            udpStores.add(udp);
        }
        workers.add(new Worker(kafka, config, group, store));
    }

    private static LineStore store(InfluxConfig config) throws IOException {
        HttpConfig http = config.http();
        UdpConfig udp = config.udp();
        if (http != null) {
            return new HttpStore(http);
        }
        if (udp != null) {
            return new UdpStore(udp);
        }
        throw new IllegalStateException("neither http nor udp");
    }

    @Override
    public void observe() {
        UdpLoss loss = udpLoss;
        if (loss != null) {
            long sent = udpStores.stream().mapToLong(UdpStore::sent).sum();
            loss.estimate(sent, System.nanoTime())
                    .ifPresent(lost -> metrics.udpLost.labels(name).set(lost));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        workers.forEach(worker -> worker.loop.start());
    }

    @Override
    public int liveThreads() {
        return workers.stream().mapToInt(worker -> worker.loop.liveThreads()).sum();
    }

    @Override
    public OptionalDouble lag() {
        return workers.stream()
                .map(worker -> worker.loop.lag())
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max();
    }

    @Override
    public void tasks(TaskFigures figures) {
        workers.forEach(worker -> worker.loop.tasks(figures));
    }

    @Override
    public String notReady() {
        return workers.stream()
                .map(Worker::notReady)
                .filter(reason -> !reason.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
    }

    private final class Worker {
        final ConsumerLoop loop;
        private final DeadLetters dead;
        private final InfluxSink sink;
        private String source = "";

        Worker(KafkaConfig kafka, InfluxConfig config, ConsumerLoop.ConsumerGroup group, LineStore store) {
            dead = new DeadLetters(kafka, config.deadTopic(), config.group() + "-dead");
            sink = new InfluxSink(
                    store, config.effectiveDialect(), config.filters(), config.batchLines(), this::refused);
            loop = new ConsumerLoop(name, kafka, group, this::handle, metrics);
        }

        private void refused(byte[] line, String reason) {
            metrics.influxRefused.inc();
            dead.write(null, line, reason, source);
        }

        /** Dead letters name the record that is read when they are written. */
        private byte[] value(KafkaRecord record) {
            source = record.source();
            byte[] value = record.value();
            return value == null ? new byte[0] : value;
        }

        private Duration handle(List<KafkaRecord> records) {
            Iterable<byte[]> values = () -> records.stream().map(this::value).iterator();
            long before = sink.stored();
            long start = System.nanoTime();
            Duration wait = sink.store(values);
            if (wait.isZero()) {
                dead.flush();
                metrics.influxLines.inc(sink.stored() - before);
                metrics.influxSeconds.observe((System.nanoTime() - start) / 1e9);
                long now = clock.millis();
                records.forEach(record -> metrics.influxAge.observe((now - record.timestampMillis()) / 1e3));
            } else {
                metrics.influxRetries.inc();
            }
            return wait;
        }

        String notReady() {
            String trouble = sink.trouble();
            return trouble.isEmpty() ? loop.notReady() : "cannot store: " + trouble;
        }

        void close() {
            loop.close();
            dead.close();
            sink.close();
        }
    }
}
