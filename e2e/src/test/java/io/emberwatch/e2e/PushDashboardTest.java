package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.service.log.Logging;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every component of the push path runs against a real broker and is scraped by a real Prometheus, and every panel of its
 * dashboard has something to show.
 */
final class PushDashboardTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private HttpServer database;

    @BeforeEach
    void start() throws IOException {
        Logging.configure("warn");
        database = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        database.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        database.start();
    }

    @AfterEach
    void stop() {
        database.stop(0);
    }

    @Test
    void everyPanelOfThePushDashboardHasSomethingToShow() throws Exception {
        int port = Peers.freePort();
        int jmx = Peers.freePort();
        try (BrokerProcess broker = BrokerProcess.start(
                        folder, KafkaBeansTest.withBeans(jmx).toArray(String[]::new));
                ServerProcess up = Program.start(
                        "up",
                        folder,
                        "up",
                        "--config=" + config(broker, jmx),
                        "--listen=127.0.0.1:" + port,
                        "--data=" + folder.resolve("data"));
                PrometheusServer prometheus = PrometheusServer.start("prometheus", folder, """
                        global: {scrape_interval: 1s}
                        scrape_configs:
                          - job_name: push
                            static_configs: [{targets: ['127.0.0.1:%d']}]
                        """.formatted(port))) {
            String base = prometheus.url();
            String[] missing = {""};
            try {
                Peers.await("every query is answered", PATIENCE, () -> {
                    List<String> unanswered = Dashboards.unanswered(base, "push", "");
                    missing[0] = String.join("\n", unanswered);
                    return unanswered.isEmpty();
                });
                assertThat(Http.value(base, "sum(rate(emberwatch_push_router_lines_total[1m]))"))
                        .isPositive();
                assertThat(Http.value(base, "sum(rate(emberwatch_push_influx_lines_total[1m]))"))
                        .isPositive();
            } catch (Throwable failed) {
                throw new AssertionError(failed.getMessage() + "\n" + missing[0] + "\n" + up.tail(), failed);
            }
        }
    }

    private Path config(BrokerProcess broker, int jmx) throws IOException {
        return Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  host: {enabled: false}
                  sensors: [{name: simulated}]
                  services:
                    kafka: [{bootstrap_servers: "%1$s", instance: lab}]
                    jmx:
                %3$s
                push:
                  kafka: {bootstrap_servers: "%1$s"}
                  sink: {topic: metrics}
                  collector: {topic: metrics}
                  router:
                    input: metrics
                    database: {topic: influxdb-topic}
                    onoff: {topic: onoff-topic, filters: [{measurement: sensor_cpu_load}]}
                    aggregator: {topic: aggregator-topic, filters: [{measurement: "sensor_r*_value"}]}
                  aggregator:
                    window: 2s
                    grace: 1s
                    aggregations: [{functions: [avg], measurement: sensor_random_value, fields: [value]}]
                  onoff: {refresh: 10s}
                  influx: {http: {url: "http://127.0.0.1:%2$d", database: metrics}}
                """.formatted(
                        broker.bootstrapServers(), database.getAddress().getPort(), KafkaBeansTest.example(jmx)));
    }
}
