package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RouterTopologyTest {
    private static final String CONFIG = """
            input: in
            database: {topic: influxdb-topic, filters: [{measurement: cpu}, {measurement: log}]}
            onoff: {topic: onoff-topic, filters: [{measurement: dcs, fields: [state]}]}
            aggregator: {topic: aggregator-topic, filters: [{measurement: cpu, fields: [user]}]}
            """;

    @TempDir
    Path directory;

    private final CollectorRegistry registry = new CollectorRegistry();
    private TopologyTestDriver driver;

    @BeforeEach
    void start() throws ConfigException {
        RouterConfig config = ConfigReader.parse("router.yml", CONFIG, RouterConfig.class);
        Properties properties = ClientProperties.streams(
                ConfigReader.defaults(KafkaConfig.class),
                new ClientProperties.StreamsIdentity("test", "test", 1, config.properties()),
                directory);
        driver = new TopologyTestDriver(
                RouterTopology.build(config, (topic, key) -> 0, new PushMetrics(registry)), properties);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void recordsOfTenMegabytesAreTakenApartAndHugeLinesCut() {
        String line = "cpu,host=a user=1.5,text=\"" + "x".repeat(10_000) + "\" 17\n";
        String huge = "cpu,host=a text=\"" + "x".repeat(10 << 20) + "\" 17";
        lines().pipeInput("host-a", line.repeat(1050) + huge, 5000L);

        List<TestRecord<String, String>> database = records("influxdb-topic");
        assertThat(database).allSatisfy(record -> {
            assertThat(record.value().length()).isLessThan(600 << 10);
            assertThat(record.key()).isEqualTo("host-a");
        });
        StringBuilder all = new StringBuilder();
        database.forEach(record -> all.append(record.value()));
        assertThat(all.toString().equals(line.repeat(1050)))
                .as("nothing is lost or changed")
                .isTrue();
        TestRecord<String, String> dead = records("in.dead").get(0);
        assertThat(dead.value()).hasSize(256 << 10);
        assertThat(new String(dead.headers().lastHeader("cut").value(), StandardCharsets.UTF_8))
                .isEqualTo(Integer.toString(huge.length()));
    }

    @Test
    void sendsEveryLineWhereItBelongs() {
        lines().pipeInput("host-a", """
                        cpu,host=a user=1.5,system=2 17
                        dcs,id=7 state=t,mode=1i 17
                        mem,host=a used=1i 17
                        """, 5000L);

        TestRecord<String, String> database = records("influxdb-topic").get(0);
        assertThat(database.key()).isEqualTo("host-a");
        assertThat(database.value()).isEqualTo("cpu,host=a user=1.5,system=2 17\n");
        assertThat(database.timestamp()).isEqualTo(5000L);
        assertThat(texts("onoff-topic")).containsExactly("dcs#state id=7#t#17");
        assertThat(texts("aggregator-topic")).containsExactly("cpu#user host=a#1.5#17");
        assertThat(texts("in.dead")).isEmpty();
        assertThat(counter("emberwatch_push_router_lines_total")).isEqualTo(3);
        assertThat(counter("emberwatch_push_router_values_total")).isEqualTo(5);
        assertThat(counter("emberwatch_push_router_unrouted_lines_total")).isEqualTo(1);
    }

    @Test
    void sendsFaultyLinesToTheDeadLettersWithReasonAndSource() {
        lines().pipeInput("k", "cpu user=1\ncpu user=\ncpu user=3");

        assertThat(texts("influxdb-topic")).containsExactly("k cpu user=1\ncpu user=3\n");
        TestRecord<String, String> dead = records("in.dead").get(0);
        assertThat(dead.value()).isEqualTo("cpu user=");
        assertThat(header(dead, "reason")).isEqualTo("field_value");
        assertThat(header(dead, "source")).isEqualTo("in-0@0+20");
        assertThat(registry.getSampleValue(
                        "emberwatch_push_router_faulty_lines_total",
                        new String[] {"reason"},
                        new String[] {"field_value"}))
                .isEqualTo(1);
    }

    @Test
    void takesRecordsWithoutValueAndWithoutTimestamp() {
        lines().pipeInput(new TestRecord<>("k", null));
        TestInputTopic<byte[], byte[]> raw =
                driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
        raw.pipeInput(new TestRecord<>(null, "cpu user=1".getBytes(StandardCharsets.UTF_8)));

        assertThat(texts("influxdb-topic")).containsExactly("null cpu user=1");
    }

    @Test
    void outlivesEveryKindOfLineThatEndsOtherRouters() {
        for (String poison : List.of(
                "log,host=a msg=\"hello, world\",v=2 1",
                "# comment",
                "cpu,host=my\\ host user=1",
                "cpu\\,x user=1",
                "0 \\\\=\"=\"",
                "\0\0\0",
                "",
                "\n\n",
                "cpu,host=a")) {
            lines().pipeInput("k", poison);
        }

        assertThat(texts("influxdb-topic"))
                .containsExactly("k log,host=a msg=\"hello, world\",v=2 1", "k cpu,host=my\\ host user=1");
        assertThat(texts("aggregator-topic")).containsExactly("cpu#user host=my\\ host#1#");
        assertThat(texts("in.dead")).containsExactly("k 0 \\\\=\"=\"", "k \0\0\0", "k cpu,host=a");
    }

    private TestInputTopic<String, String> lines() {
        return driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
    }

    private List<TestRecord<String, String>> records(String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new StringDeserializer())
                .readRecordsToList();
    }

    private List<String> texts(String topic) {
        List<String> texts = new ArrayList<>();
        driver.createOutputTopic(topic, new ByteArrayDeserializer(), new StringDeserializer())
                .readRecordsToList()
                .forEach(record ->
                        texts.add((record.key() == null ? "null" : new String(record.key(), StandardCharsets.UTF_8))
                                + " "
                                + record.value()));
        return texts;
    }

    private static String header(TestRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private double counter(String name) {
        return registry.getSampleValue(name);
    }
}
