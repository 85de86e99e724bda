package io.emberwatch.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PushConfigTest {
    @Test
    void runsNothingByDefault() {
        PushConfig config = ConfigReader.defaults(PushConfig.class);

        assertThat(config.isEmpty()).isTrue();
        assertThat(config.kafka().bootstrapServers()).isEqualTo("127.0.0.1:9092");
    }

    @Test
    void readsEveryComponent() throws ConfigException {
        PushConfig config = ConfigReader.parse("push.yml", """
                kafka: {bootstrap_servers: "k:9092", properties: {security.protocol: SSL}, partitions: 8}
                router:
                  input: in
                  database: {topic: db}
                  onoff:
                    topic: onoff
                    filters:
                      - {measurement: "dcs*", tags: {host: "/a|b/"}, fields: [state, "!mode"]}
                  database_dialect: influxdb_1
                  batched: true
                aggregator:
                  window: 1m
                  aggregations: [{functions: [avg, last], measurement: cpu, remove_tags: [host]}]
                onoff: {refresh: 5m}
                influx: {http: {database: metrics}}
                notifications: {mattermost: {}}
                sink: {topic: in}
                """, PushConfig.class);

        assertThat(config.router().onoff().filters())
                .containsExactly(new FilterConfig("dcs*", Map.of("host", "/a|b/"), List.of("state", "!mode")));
        assertThat(config.aggregator().window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.onoff().refresh()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.influx().http().database()).isEqualTo("metrics");
        assertThat(config.notifications().mattermost().topic()).isEqualTo("mattermost-topic");
        assertThat(config.sink().batchLines()).isEqualTo(100);
        assertThat(config.only("onoff").router()).isNull();
        assertThat(config.only("onoff").onoff()).isEqualTo(config.onoff());
        assertThatThrownBy(() -> config.only("nothing")).hasMessage("push.nothing is not configured");
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> ConfigReader.parse("push.yml", """
                        router: {database: {topic: db, filters: [{measurement: "/(/"}]}}
                        aggregator: {window: 0s, aggregations: []}
                        influx: {http: {database: a}, udp: {}}
                        """, PushConfig.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"/(/\"")
                .hasMessageContaining("window")
                .hasMessageContaining("expected either http or udp");
    }
}
