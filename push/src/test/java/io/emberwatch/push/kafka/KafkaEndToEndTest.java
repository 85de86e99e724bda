package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The components against a real broker in this process. */
final class KafkaEndToEndTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static RecordWriter writer;

    private final CollectorRegistry registry = new CollectorRegistry();
    private final PushMetrics metrics = new PushMetrics(registry);

    @BeforeAll
    static void startBroker() throws IOException {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        writer = new RecordWriter(kafka(), "test");
    }

    @AfterAll
    static void stopBroker() {
        writer.close();
        broker.close();
    }

    @Test
    void samplesOfASensorReachTheOutputTopic() throws Exception {
        RouterConfig config = router("""
                input: sensor-in
                application_id: sensor-router
                database: {topic: sensor-db, filters: [{measurement: "sensor_*"}]}
                onoff: {topic: sensor-onoff, filters: [{measurement: sensor_up}]}
                """);
        try (KafkaComponent router = start(config, "sensor");
                LineProtocolSink sink = LineProtocolSink.open(
                        kafka(), ConfigReader.parse("sink.yml", "topic: sensor-in", SinkConfig.class), metrics)) {
            sink.append(List.of(
                    new Sample(Labels.of("__name__", "sensor_cpu_load", "sensor", "one"), 1000, 42.5),
                    new Sample(Labels.of("__name__", "other", "sensor", "one"), 1000, 1),
                    new Sample(Labels.of("__name__", "sensor_up", "sensor", "one"), 1000, 1)));

            assertThat(drain("sensor-db", 2))
                    .containsExactly(
                            "sensor_cpu_load,sensor=one value=42.5 1000000000",
                            "sensor_up,sensor=one value=1 1000000000");
            assertThat(drain("sensor-onoff", 1)).containsExactly("sensor=one#1#1000000000");
            until(() -> router.notReady().isEmpty());
            assertThat(router.liveThreads()).isEqualTo(1);
        }
    }

    @Test
    void losesNothingWhenTheRouterIsKilledAndStartedAgain() throws Exception {
        RouterConfig config = router("""
                input: kill-in
                application_id: kill-router
                properties: {main.consumer.session.timeout.ms: "1000", main.consumer.heartbeat.interval.ms: "300"}
                database: {topic: kill-db}
                """);
        Topics.require(kafka(), config.topics());
        int lines = 20_000;
        StreamsRunner first = Router.runner(kafka(), config, metrics, InstantSource.system(), directory.resolve("a"));
        first.start();
        produce("kill-in", 0, lines / 2);
        until(() -> counter("emberwatch_push_router_lines_total") > 1000);
        first.abandon();
        produce("kill-in", lines / 2, lines);

        try (KafkaComponent second =
                Router.runner(kafka(), config, metrics, InstantSource.system(), directory.resolve("b"))) {
            second.start();
            Set<String> seen = new HashSet<>(drain("kill-db", lines));
            assertThat(seen).hasSize(lines).contains("m n=0i 0", "m n=" + (lines - 1) + "i " + (lines - 1));
        }
    }

    @Test
    void aThreadThatDiesIsReplacedAndLosesNothing() throws Exception {
        Topics.require(kafka(), List.of("heal-in"));
        AtomicInteger calls = new AtomicInteger();
        List<String> seen = new CopyOnWriteArrayList<>();
        Topology topology = new Topology();
        topology.addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "heal-in");
        ProcessorSupplier<byte[], byte[], Void, Void> failing = () -> record -> {
            if (calls.incrementAndGet() <= 2) {
                throw new IllegalStateException("on purpose");
            }
            seen.add(text(record.value()));
        };
        topology.addProcessor("failing", failing, "in");
        Properties properties = ClientProperties.streams(
                kafka(),
                new ClientProperties.StreamsIdentity(
                        "heal",
                        "heal",
                        1,
                        Map.of(
                                "main.consumer.session.timeout.ms", "1000",
                                "main.consumer.heartbeat.interval.ms", "300")),
                directory.resolve("heal"));
        try (StreamsRunner runner = new StreamsRunner("heal", topology, properties, metrics, InstantSource.system())) {
            runner.start();
            produceRecord("heal-in", "kept");
            until(() -> seen.contains("kept"));
            until(() -> runner.liveThreads() == 1);
        }
        assertThat(registry.getSampleValue(
                        "emberwatch_push_thread_restarts_total", new String[] {"component"}, new String[] {"heal"}))
                .isEqualTo(2);
    }

    @Test
    void batchesOfFieldsGoToThePartitionOfTheirKeys() throws Exception {
        RouterConfig config = router("""
                input: batch-in
                application_id: batch-router
                batched: true
                aggregator: {topic: batch-aggregator}
                """);
        try (KafkaComponent router = start(config, "batch")) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                lines.append("m").append(i).append(",host=a f=1i 5\n");
            }
            produceRecord("batch-in", lines.toString());
            produceRecord("batch-in", lines.toString());

            Map<String, Set<Integer>> partitions = new HashMap<>();
            int messages = 0;
            for (ConsumerRecord<byte[], byte[]> record : records("batch-aggregator", 100)) {
                for (String message : text(record.value()).split("\n", -1)) {
                    if (!message.isEmpty()) {
                        partitions
                                .computeIfAbsent(message.substring(0, message.indexOf('\t')), key -> new HashSet<>())
                                .add(record.partition());
                        messages++;
                    }
                }
            }
            assertThat(messages).isEqualTo(100);
            assertThat(partitions.values())
                    .allSatisfy(where -> assertThat(where).hasSize(1));
            assertThat(partitions).hasSize(50);
            assertThat(router.name()).isEqualTo("router");
        }
    }

    @Test
    void fieldsOfASeriesGoTogetherToAllPartitionsWhenThatIsAskedFor() throws Exception {
        for (boolean batched : new boolean[] {false, true}) {
            String name = batched ? "series-batched" : "series-single";
            RouterConfig config = router("""
                    input: %1$s-in
                    application_id: %1$s
                    batched: %2$s
                    partition_by: series
                    aggregator: {topic: %1$s-out}
                    """.formatted(name, batched));
            try (KafkaComponent router = start(config, name)) {
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < 50; i++) {
                    lines.append("m,host=h").append(i).append(" f=1i,g=2i 5\n");
                }
                produceRecord(name + "-in", lines.toString());
                produceRecord(name + "-in", lines.toString());
                Map<String, Set<Integer>> partitions = new HashMap<>();
                int[] messages = {0};
                read(name + "-out", record -> {
                    String key = batched ? "" : text(record.key()) + "\t";
                    for (String message : (key + text(record.value())).split("\n", -1)) {
                        if (!message.isEmpty()) {
                            String host = message.substring(
                                    message.indexOf("host="), message.indexOf('#', message.indexOf('\t')));
                            partitions
                                    .computeIfAbsent(host, ignored -> new HashSet<>())
                                    .add(record.partition());
                            messages[0]++;
                        }
                    }
                    return messages[0] >= 200;
                });
                assertThat(messages[0]).isEqualTo(200);
                assertThat(partitions).hasSize(50);
                assertThat(partitions.values())
                        .allSatisfy(where -> assertThat(where).hasSize(1));
                Set<Integer> all = new HashSet<>();
                partitions.values().forEach(all::addAll);
                assertThat(all).hasSizeGreaterThan(2);
                assertThat(router.name()).isEqualTo("router");
            }
        }
    }

    @Test
    void aggregatesExactlyAcrossARestartAndClosesTheLastWindowWithoutInput() throws Exception {
        AggregatorConfig config = ConfigReader.parse("aggregator.yml", """
                input: agg-in
                output: agg-out
                window: 1s
                grace: 500ms
                group: agg
                aggregations: [{functions: [sum, count], measurement: m}]
                """, AggregatorConfig.class);
        try (Aggregator first = Aggregator.create(kafka(), config, metrics, InstantSource.system())) {
            first.start();
            until(() -> first.notReady().isEmpty());
            for (int i = 0; i < 40; i++) {
                produceField("agg-in", "m#f", "t=" + i % 2 + "#" + i + "#" + i * 100_000_000L);
            }
            // The third window holds 20 to 29: the first two are written, it is cut through.
            until(() -> counter("emberwatch_push_aggregator_lines_total") >= 4);
        }
        try (Aggregator second = Aggregator.create(kafka(), config, metrics, InstantSource.system())) {
            second.start();
            for (int i = 40; i < 50; i++) {
                produceField("agg-in", "m#f", "t=" + i % 2 + "#" + i + "#" + i * 100_000_000L);
            }
            List<String> expected = new ArrayList<>();
            for (int window = 0; window < 5; window++) {
                for (int tag = 0; tag < 2; tag++) {
                    int sum = 0;
                    for (int i = 10 * window + tag; i < 10 * window + 10; i += 2) {
                        sum += i;
                    }
                    expected.add("m,t=" + tag + " f_sum=" + sum + ",f_count=5 " + (window + 1) + "000000000");
                }
            }
            assertThat(drain("agg-out", 10)).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(second.liveThreads()).isEqualTo(1);
        }
    }

    @Test
    void resultsOfATransactionComeOutOnceAcrossARestart() throws Exception {
        AggregatorConfig config = ConfigReader.parse("aggregator.yml", """
                input: exact-in
                output: exact-out
                window: 1s
                grace: 500ms
                group: exact
                processing_guarantee: exactly_once_v2
                exposed_series: 10
                aggregations: [{functions: [sum, p50], measurement: m}]
                """, AggregatorConfig.class);
        for (int instance = 0; instance < 3; instance++) {
            try (Aggregator aggregator = Aggregator.create(kafka(), config, metrics, InstantSource.system())) {
                aggregator.start();
                double before = counter("emberwatch_push_aggregator_lines_total");
                for (int i = 20 * instance; i < 20 * instance + 20; i++) {
                    produceField("exact-in", "m#f", "t=a#" + i + "#" + i * 100_000_000L);
                }
                until(() -> counter("emberwatch_push_aggregator_lines_total") >= before + 2);
            }
        }
        List<String> lines = new ArrayList<>();
        read("exact-out", record -> {
            text(record.value()).lines().forEach(lines::add);
            return lines.size() >= 6;
        });
        assertThat(lines).hasSize(6).doesNotHaveDuplicates();
        assertThat(lines.get(0)).startsWith("m,t=a f_sum=45,f_p50=4.0").endsWith(" 1000000000");
        assertThat(lines.get(5)).startsWith("m,t=a f_sum=545,f_p50=5").endsWith(" 6000000000");
    }

    @Test
    void alertsReachTheNotificationTopicsWhenTheyBeginAndEnd() throws Exception {
        AlarmsConfig config = ConfigReader.parse(
                "alarms.yml",
                "{mattermost: alarm-chat, email: {topic: alarm-mail, to_addresses: [a@x, b@x]}}",
                AlarmsConfig.class);
        Instant now = Instant.now();
        Alert firing = alert(now, now.plusSeconds(600));
        try (AlarmTopics topics = new AlarmTopics(kafka(), config, metrics, InstantSource.system())) {
            topics.send(List.of(firing));
            topics.send(List.of(firing));
            topics.send(List.of(alert(now, now.minusSeconds(1))));
        }
        List<String> chat = drain("alarm-chat", 2);
        assertThat(chat).hasSize(2);
        assertThat(chat.get(0))
                .isEqualTo("{\"description\":\"[FIRING] Slow: too slow\",\"client_url\":\"http://g\",\"details\":"
                        + "\"rate 9\\nalertname=Slow, host=flp1\"}");
        assertThat(chat.get(1)).contains("[RESOLVED] Slow");
        assertThat(drain("alarm-mail", 2).get(0)).contains("\"to_addresses\":\"a@x,b@x\"");
    }

    private static Alert alert(Instant startsAt, Instant endsAt) {
        return new Alert(
                Labels.of("alertname", "Slow", "host", "flp1"),
                Labels.of("summary", "too slow", "description", "rate 9"),
                startsAt,
                endsAt,
                "http://g");
    }

    @Test
    void onOffKnowsItsValuesAfterARestart() throws Exception {
        OnOffConfig config = ConfigReader.parse("onoff.yml", """
                input: on-in
                output: on-out
                application_id: on-off
                properties: {main.consumer.session.timeout.ms: "1000", main.consumer.heartbeat.interval.ms: "300"}
                """, OnOffConfig.class);
        produceFieldTo(config, "id=1#t#1", "id=1#t#2", "id=2#f#2");
        try (KafkaComponent first =
                OnOff.create(kafka(), config, metrics, InstantSource.system(), directory.resolve("on-a"))) {
            first.start();
            assertThat(drain("on-out", 2)).containsExactlyInAnyOrder("dcs,id=1 state=t 1", "dcs,id=2 state=f 2");
        }
        produceFieldTo(config, "id=1#t#3", "id=2#t#3");
        try (KafkaComponent second =
                OnOff.create(kafka(), config, metrics, InstantSource.system(), directory.resolve("on-b"))) {
            second.start();
            assertThat(drain("on-out", 3))
                    .containsExactlyInAnyOrder("dcs,id=1 state=t 1", "dcs,id=2 state=f 2", "dcs,id=2 state=t 3");
        }
    }

    private static void produceFieldTo(OnOffConfig config, String... values) throws IOException {
        Topics.require(kafka(), config.topics());
        for (String value : values) {
            produceField(config.input(), "dcs#state", value);
        }
    }

    @Test
    void saysThatKafkaIsNotThere() {
        assertThatThrownBy(() -> Topics.require(ConfigReader.parse("kafka.yml", """
                                bootstrap_servers: 127.0.0.1:1
                                properties: {default.api.timeout.ms: "300", request.timeout.ms: "200"}
                                """, KafkaConfig.class), List.of("t")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Kafka at 127.0.0.1:1");
    }

    @Test
    void saysThatAnAddressDoesNotResolve() {
        assertThatThrownBy(() -> Topics.require(
                        ConfigReader.parse("kafka.yml", "bootstrap_servers: nowhere.invalid:1", KafkaConfig.class),
                        List.of("t")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Kafka at nowhere.invalid:1 cannot be used");
    }

    @Test
    void saysWhichTopicsAreMissing() {
        assertThatThrownBy(() -> Topics.require(
                        ConfigReader.parse(
                                "kafka.yml",
                                "bootstrap_servers: " + broker.bootstrapServers() + "\ncreate_topics: false",
                                KafkaConfig.class),
                        List.of("not-there")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not-there");
    }

    private KafkaComponent start(RouterConfig config, String folder) throws IOException {
        KafkaComponent router =
                Router.create(kafka(), config, metrics, InstantSource.system(), directory.resolve(folder));
        router.start();
        return router;
    }

    private static RouterConfig router(String yaml) throws ConfigException {
        return ConfigReader.parse("router.yml", yaml, RouterConfig.class);
    }

    private static KafkaConfig kafka() {
        try {
            return ConfigReader.parse(
                    "kafka.yml", "bootstrap_servers: " + broker.bootstrapServers(), KafkaConfig.class);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    private double counter(String name) {
        return registry.getSampleValue(name);
    }

    private static void produce(String topic, int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("m n=").append(i).append("i ").append(i).append('\n');
            if (i % 100 == 99) {
                writer.send(topic, null, lines.toString().getBytes(StandardCharsets.UTF_8), fault -> {});
                lines.setLength(0);
                if (i - from < 100) {
                    // A topic that is just being made may refuse a first batch and take the second, and then the first
                    // never again, its number being too low.
                    writer.flush();
                }
            }
        }
        writer.flush();
        assertThat(writer.failed()).isZero();
    }

    private static void produceRecord(String topic, String value) {
        writer.send(topic, null, value.getBytes(StandardCharsets.UTF_8), fault -> {});
        writer.flush();
    }

    private static void produceField(String topic, String key, String value) {
        writer.send(topic, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8), fault -> {});
        writer.flush();
    }

    /** Reads a topic from its beginning until it has given at least so many distinct lines. */
    private static List<String> drain(String topic, int lines) {
        List<String> all = new ArrayList<>();
        Set<String> distinct = new HashSet<>();
        read(topic, record -> {
            for (String line : text(record.value()).split("\n", -1)) {
                if (!line.isEmpty()) {
                    all.add(line);
                    distinct.add(line);
                }
            }
            return distinct.size() >= lines;
        });
        return all;
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic, int messages) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        int[] count = {0};
        read(topic, record -> {
            records.add(record);
            count[0] +=
                    (int) text(record.value()).chars().filter(c -> c == '\n').count();
            return count[0] >= messages;
        });
        return records;
    }

    private interface Reader {
        /** Returns whether it has read enough. */
        boolean read(ConsumerRecord<byte[], byte[]> record);
    }

    private static void read(String topic, Reader reader) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                ClientProperties.consumer(kafka(), "drain-" + topic + "-" + System.nanoTime(), Map.of()))) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + DEADLINE.toNanos();
            boolean enough = false;
            while (!enough && System.nanoTime() < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    enough |= reader.read(record);
                }
            }
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
