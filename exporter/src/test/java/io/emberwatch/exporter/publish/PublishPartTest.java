package io.emberwatch.exporter.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.publish.PublishConfig.EndpointConfig;
import io.emberwatch.exporter.status.FakeServer;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.prometheus.client.CollectorRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishPartTest {
    private static final EndpointConfig ENDPOINT =
            new EndpointConfig("/publish/orders", "", "orders", true, false, List.of("id"));

    private static String fault(String body) throws Exception {
        return PublishPart.fault(ENDPOINT, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void oneJsonDocumentWithItsKeysIsTaken() throws Exception {
        assertThat(fault("{\"id\": 1}")).isEmpty();
        for (String body :
                List.of("", " ", "{\"id\": 1", "{\"id\": 1}{}", "{\"id\": 1} x", "{\"id\": 1, \"id\": 2}", "nope")) {
            assertThat(fault(body)).as(body).isNotEmpty();
        }
        assertThat(fault("{\"id\": null}")).isEqualTo("the key id is missing");
        assertThat(fault("[1]")).isEqualTo("the key id is missing");
        assertThat(fault("[".repeat(100_000))).isNotEmpty();
    }

    @Test
    void aBrokerThatHangsLeavesOrIsNotThereIsUnavailable() throws Exception {
        for (FakeServer.Manner manner : List.of(
                FakeServer.HANGS,
                FakeServer.LEAVES,
                FakeServer.floods("AMQP".repeat(1000).getBytes(StandardCharsets.US_ASCII)))) {
            CollectorRegistry registry = new CollectorRegistry();
            try (FakeServer broker = new FakeServer(manner)) {
                PublishConfig config =
                        ConfigReader.parse("publish.yml", """
                        address: "%s"
                        timeout: 300ms
                        endpoints: [{path: /publish/orders, routing_key: orders}]
                        """.formatted(broker.address()), PublishConfig.class);
                try (PublishPart part = new PublishPart(config, registry)) {
                    assertThat(post(part)).isEqualTo(503);
                }
            }
            assertThat(registry.getSampleValue(
                            "emberwatch_exporter_publish_messages_total",
                            new String[] {"path", "outcome"},
                            new String[] {"/publish/orders", "unavailable"}))
                    .isEqualTo(1);
            assertThat(registry.getSampleValue(
                            "emberwatch_exporter_publish_messages_total",
                            new String[] {"path", "outcome"},
                            new String[] {"/publish/orders", "confirmed"}))
                    .isZero();
        }
    }

    private static int post(PublishPart part) throws Exception {
        try (ServiceServer server = new ServiceServer(List.of(new Routes(part.routes())))) {
            int port = server.start(ListenAddress.parse("127.0.0.1:0"));
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/publish/orders"))
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    private record Routes(List<Route> routes) implements Service {
        @Override
        public String name() {
            return "publish";
        }

        @Override
        public void start() {}

        @Override
        public List<MetricFamily> metrics() {
            return List.of();
        }

        @Override
        public List<String> notReady() {
            return List.of();
        }

        @Override
        public void stop() {}
    }

    @Test
    void endpointsMustMakeSense() {
        for (String yaml : List.of(
                "endpoints: [{path: orders, routing_key: x}]",
                "endpoints: [{path: /a, routing_key: ''}]",
                "endpoints: [{path: /a, routing_key: x}, {path: /a, routing_key: y}]",
                "max_body: 17MiB",
                "address: '::'")) {
            assertThatThrownBy(() -> ConfigReader.parse("publish.yml", yaml, PublishConfig.class))
                    .as(yaml)
                    .isInstanceOf(ConfigException.class);
        }
    }
}
