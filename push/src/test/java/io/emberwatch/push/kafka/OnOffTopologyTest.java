package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.message.InternalFormat;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnOffTopologyTest {
    @TempDir
    Path directory;

    private final CollectorRegistry registry = new CollectorRegistry();
    private TopologyTestDriver driver;

    @BeforeEach
    void start() throws ConfigException {
        OnOffConfig config = ConfigReader.parse("onoff.yml", "{refresh: 30s, expire: 10m}", OnOffConfig.class);
        Properties properties = ClientProperties.streams(
                ConfigReader.defaults(KafkaConfig.class),
                new ClientProperties.StreamsIdentity("test", "test", 1, config.properties()),
                directory);
        driver = new TopologyTestDriver(
                OnOffTopology.build(config, new PushMetrics(registry)), properties, Instant.ofEpochSecond(1000));
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void sendsOnlyChangesWithTheirOwnTime() {
        send("dcs#state", "id=1#t#17");
        send("dcs#state", "id=1#t#18");
        send("dcs#state", "id=1#f#19");

        assertThat(output()).containsExactly("dcs#state dcs,id=1 state=t 17", "dcs#state dcs,id=1 state=f 19");
        assertThat(driver.getKeyValueStore(OnOffTopology.STORE)).isNotNull();
    }

    @Test
    void sendsEverythingAgainFromTimeToTime() {
        send("dcs#state", "id=1#t#17");
        send("dcs#state", "id=2#f#17");
        output();

        driver.advanceWallClockTime(Duration.ofSeconds(30));
        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertThat(output())
                .containsExactlyInAnyOrder(
                        "dcs,id=1#state dcs,id=1 state=t 1031000000000",
                        "dcs,id=2#state dcs,id=2 state=f 1031000000000");
    }

    @Test
    void forgetsASeriesThatIsNotSeenAnyMore() {
        send("dcs#state", "id=1#t#17");
        output();

        driver.advanceWallClockTime(Duration.ofMinutes(11));
        output();
        send("dcs#state", "id=1#t#18");

        assertThat(output()).containsExactly("dcs#state dcs,id=1 state=t 18");
        assertThat(registry.getSampleValue("emberwatch_push_onoff_expired_series_total"))
                .isEqualTo(1);
    }

    @Test
    void readsManyMessagesFromARecord() {
        RecordHeaders headers = new RecordHeaders();
        headers.add(InternalFormat.BATCH_HEADER, new byte[0]);
        driver.createInputTopic("onoff-topic", new StringSerializer(), new StringSerializer())
                .pipeInput(new TestRecord<>("a#b", "a#b\t#1#\nnonsense\na#c\t#2#\na#b\t#1#\n", headers));

        assertThat(output()).containsExactly("a#b a b=1", "a#c a c=2");
        assertThat(driver.createOutputTopic("onoff-topic.dead", new StringDeserializer(), new StringDeserializer())
                        .readKeyValuesToList())
                .hasSize(1);
    }

    private void send(String key, String value) {
        driver.createInputTopic("onoff-topic", new StringSerializer(), new StringSerializer())
                .pipeInput(new TestRecord<>(key, value));
    }

    private List<String> output() {
        return driver
                .createOutputTopic("influxdb-topic", new StringDeserializer(), new StringDeserializer())
                .readKeyValuesToList()
                .stream()
                .map(record -> record.key + " " + record.value)
                .toList();
    }
}
