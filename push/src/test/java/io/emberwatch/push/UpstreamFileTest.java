package io.emberwatch.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.push.aggregate.AggregateFunction;
import io.emberwatch.push.aggregate.AggregationConfig;
import io.emberwatch.push.influx.UdpConfig;
import io.emberwatch.push.kafka.AggregatorConfig;
import io.emberwatch.push.kafka.InfluxConfig;
import io.emberwatch.push.kafka.NotifyConfig;
import io.emberwatch.push.kafka.OnOffConfig;
import io.emberwatch.push.kafka.RouterConfig;
import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.push.route.LineRouter;
import io.emberwatch.push.route.OutputConfig;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UpstreamFileTest {
    @TempDir
    Path directory;

    @Test
    void readsARouter() throws Exception {
        PushConfig config = read("router.yaml");

        assertThat(config.kafka().bootstrapServers()).isEqualTo("kafka-1:9092,kafka-2:9092");
        assertThat(config.router())
                .isEqualTo(new RouterConfig(
                        "telegraf",
                        new OutputConfig("influxdb-topic", List.of(filter("cpu"), filter("mem"))),
                        new OutputConfig("onoff-topic", List.of(filter("dcs_state", "state", "mode"))),
                        new OutputConfig(
                                "aggregator-topic",
                                List.of(filter("cpu", "usage_user", "usage_system"), filter("net\\*"))),
                        Dialect.V2,
                        false,
                        LineRouter.PartitionBy.FIELD,
                        null,
                        "router-a",
                        "streams-client-router",
                        2,
                        new ByteSize(65_536),
                        Map.of("linger.ms", "20")));
        assertThat(config.aggregator()).isNull();
    }

    @Test
    void readsAnAggregator() throws Exception {
        AggregatorConfig aggregator = read("aggregator.yaml").aggregator();

        assertThat(aggregator.window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(aggregator.grace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(aggregator.time()).isEqualTo(AggregatorConfig.TimeSource.RECORD);
        assertThat(aggregator.group()).isEqualTo("streams-app-aggregator");
        assertThat(aggregator.properties()).isEmpty();
        assertThat(aggregator.aggregations())
                .containsExactly(
                        new AggregationConfig(
                                List.of(AggregateFunction.AVG), "cpu", List.of("usage_user"), List.of("host", "cpu")),
                        new AggregationConfig(
                                List.of(AggregateFunction.MAX),
                                "cpu",
                                List.of("usage_user", "usage_system"),
                                List.of()));
    }

    @Test
    void readsTheReadmesSpellingOfTheWindow() throws Exception {
        String yaml = text("aggregator.yaml").replace("window.s", "window_s");

        assertThat(UpstreamFile.parse("a.yaml", yaml).aggregator().window()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void readsAnOnOff() throws Exception {
        OnOffConfig onOff = read("onoff.yaml").onoff();

        assertThat(onOff.refresh()).isEqualTo(Duration.ofMinutes(5));
        assertThat(onOff.replicationFactor()).isEqualTo(1);
        assertThat(onOff.output()).isEqualTo("influxdb-topic");
    }

    @Test
    void readsAnInfluxdbUdpConsumer() throws Exception {
        InfluxConfig influx = read("influxdb-udp.yaml").influx();

        assertThat(influx.udp())
                .isEqualTo(new UdpConfig("127.0.0.1", List.of(8089, 8090, 8091), new ByteSize(1400), 150_000, null));
        assertThat(influx.group()).isEqualTo("influxdb-udp-consumer");
        assertThat(influx.properties())
                .containsEntry("max.poll.records", "1000000")
                .containsEntry("auto.offset.reset", "latest");
    }

    @Test
    void readsTheNotificationConsumers() throws Exception {
        NotifyConfig.MattermostTopic mattermost =
                read("mattermost.yaml").notifications().mattermost();
        assertThat(mattermost.topic()).isEqualTo("mattermost-topic");
        assertThat(mattermost.url()).isEqualTo(new Secret("https://mattermost.example.org/hooks/abcdef"));
        NotifyConfig.EmailTopic email = read("email.yaml").notifications().email();
        assertThat(email.port()).isEqualTo(587);
        assertThat(email.properties()).containsEntry("auto.offset.reset", "earliest");
        assertThat(UpstreamFile.parse("m.yaml", text("mattermost.yaml").replace("mattermost_c", "mattermostr_c"))
                        .notifications()
                        .mattermost())
                .isEqualTo(mattermost);
    }

    @Test
    void reportsEverythingThatIsWrongWithItsPlace() {
        assertThatThrownBy(() -> UpstreamFile.parse("router.yaml", """
                        kafka_config:
                          bootstrap.servers: a:1
                          num.stream.threads: two
                        component_config:
                          topic.output.database: db
                          topic.outptu.onoff: x
                        database_filter:
                          - measurment: cpu
                        filters: []
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("router.yaml:3:3: kafka_config.num.stream.threads: \"two\" is not a whole number")
                .hasMessageContaining("component_config.topic.input: is missing")
                .hasMessageContaining("router.yaml:6:3: component_config.topic.outptu.onoff: unknown key")
                .hasMessageContaining("database_filter[0].measurement: is missing")
                .hasMessageContaining("database_filter[0].measurment: unknown key")
                .hasMessageContaining("router.yaml:9:1: filters: unknown section");
    }

    @Test
    void saysThatNoComponentIsThere() {
        assertThatThrownBy(() -> UpstreamFile.parse("x.yaml", "kafka_config: {bootstrap.servers: \"a:1\"}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected one of the sections");
    }

    @Test
    void tellsTheseFilesFromOthers() throws IOException {
        Path upstream = Files.writeString(directory.resolve("u.yaml"), text("router.yaml"));
        Path own = Files.writeString(directory.resolve("o.yaml"), "push: {router: {}}");
        Path broken = Files.writeString(directory.resolve("b.yaml"), "{");

        assertThat(UpstreamFile.isOne(upstream)).isTrue();
        assertThat(UpstreamFile.isOne(own)).isFalse();
        assertThat(UpstreamFile.isOne(broken)).isFalse();
    }

    private static FilterConfig filter(String measurement, String... fields) {
        return new FilterConfig(measurement, Map.of(), List.of(fields));
    }

    private static PushConfig read(String name) throws IOException, ConfigException {
        return UpstreamFile.parse(name, text(name));
    }

    private static String text(String name) throws IOException {
        try (InputStream in = UpstreamFileTest.class.getResourceAsStream("/upstream/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
