package io.emberwatch.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.metrics.PushMetrics;
import io.prometheus.client.CollectorRegistry;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class StatisticsTest {
    private final PushMetrics metrics = new PushMetrics(new CollectorRegistry());

    @Test
    void tellsWhatTheRouterDidInTheFormOfTheO2Components() throws Exception {
        PushConfig config = UpstreamFile.parse("router.yaml", """
                general: {log4jfilename: log4j.properties}
                kafka_config: {bootstrap.servers: "localhost:9092", application.id: app}
                component_config: {topic.input: in, topic.output.database: db}
                database_filter: [{measurement: cpu}]
                stats_config: {enabled: "true", hostname: influx, port: "9999", period_ms: "500"}
                """);
        StatisticsConfig figures = Objects.requireNonNull(config.statistics());
        assertThat(figures.host() + ":" + figures.port() + " " + figures.every())
                .isEqualTo("influx:9999 PT0.5S");
        metrics.routerLines.inc(7);
        metrics.routerSent.labels("database").inc(5);
        Statistics statistics =
                new Statistics(new StatisticsConfig("127.0.0.1", 1, figures.every(), "h"), config, metrics);
        assertThat(text(statistics.lines(1_700_000_000_123L)))
                .isEqualTo("kafka_streams,application_id=app,hostname=h receivedRecords=7i,sentDatabaseRecords=5i,"
                        + "sentOnOffRecords=0i,sentAggregatorRecords=0i 1700000000123000000\n");
    }

    @Test
    void tellsWhatTheSinkStoredAndNamesEveryPort() throws Exception {
        PushConfig config = UpstreamFile.parse("influx.yaml", """
                general: {log4jfilename: log4j.properties}
                kafka_consumer_config: {bootstrap.servers: "localhost:9092", topic: db}
                sender_config: {hostname: store, port: "8089,8090"}
                stats_config: {enabled: "true"}
                """);
        StatisticsConfig figures = Objects.requireNonNull(config.statistics());
        assertThat(figures.port()).isEqualTo(8089);
        metrics.influxLines.inc(10);
        metrics.influxRefused.inc(1);
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            receiver.setSoTimeout(10_000);
            StatisticsConfig here = new StatisticsConfig("127.0.0.1", receiver.getLocalPort(), figures.every(), "h");
            new Statistics(here, config, metrics).send(1);
            DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
            receiver.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .isEqualTo("kafka_consumer,endpoint=store:8089|8090,endpoint_type=InfluxDB,hostname=h,topic=db"
                            + " receivedRecords=10i,sentRecords=9i 1000000\n");
        }
    }

    private static String text(List<byte[]> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(new String(line, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
