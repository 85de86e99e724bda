package io.emberwatch.exporter.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.exporter.rabbitmq.RabbitmqTarget.Server;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.exporter.status.Mutations;
import io.emberwatch.exporter.status.ValidPage;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

class RabbitmqTargetTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Server SERVER = new Server("c", "rabbit@h", 2);
    private static final String QUEUE = """
            {"vhost": "/", "name": "orders", "durable": true, "policy": null, "node": "rabbit@h", "state": "running",
             "idle_since": "2026-11-21T08:00:00.500+00:00", "messages": 3, "messages_ready": 2, "consumers": 1,
             "memory": 1000, "arguments": {"x-max-length": 50}, "effective_policy_definition": {"max-length": 20},
             "garbage_collection": {"minor_gcs": 4}, "slave_nodes": ["a", "b"],
             "message_stats": {"publish": 7, "publish_details": {"rate": 0.5}}}
            """;

    private static RabbitmqConfig config(String more) throws ConfigException {
        return ConfigReader.parse("r.yml", "url: \"http://127.0.0.1:1\"\n" + more, RabbitmqConfig.class);
    }

    @Test
    void aQueueHasItsNames() throws Exception {
        Families families = new Families();
        new ManagementNames(config("")).queue(families, JSON.readTree(QUEUE), SERVER);
        String labels = "{cluster=\"c\",durable=\"true\",queue=\"orders\",self=\"1\",vhost=\"/\"} ";
        assertThat(ValidPage.of(families.list()))
                .contains("rabbitmq_queue_messages" + labels + "3\n")
                .contains("rabbitmq_queue_messages_published_total" + labels + "7\n")
                .contains("rabbitmq_queue_messages_confirmed_total" + labels + "0\n")
                .contains("rabbitmq_queue_messages_publish_rate" + labels + "0.5\n")
                .contains("rabbitmq_queue_slaves_nodes_len" + labels + "2\n")
                .contains("rabbitmq_queue_max_length" + labels + "20\n")
                .contains("rabbitmq_queue_idle_since_seconds" + labels + "1795248000.5\n")
                .contains(
                        "rabbitmq_queue_state{cluster=\"c\",durable=\"true\",queue=\"orders\",self=\"1\",state=\"idle\",vhost=\"/\"} 1\n");
    }

    @Test
    void whatIsSkippedIsNotShown() throws Exception {
        Families families = new Families();
        new ManagementNames(config("skip_queues: ^ord")).queue(families, JSON.readTree(QUEUE), SERVER);
        new ManagementNames(config("include_vhost: other")).queue(families, JSON.readTree(QUEUE), SERVER);
        assertThat(families.list()).isEmpty();
        assertThatThrownBy(() -> config("modules: [queues]")).hasMessageContaining("queues is none of");
        assertThatThrownBy(() -> config("skip_queues: '('")).hasMessageContaining("skip_queues");
    }

    @Test
    void aModuleThatFailsCostsNoOther() throws Exception {
        try (MockWebServer server = new MockWebServer()) {
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    String path = request.getUrl().encodedPath();
                    return switch (path) {
                        case "/api/overview" ->
                            answer("{\"cluster_name\": \"c\", \"node\": \"n\", \"object_totals\": {\"queues\": 1}}");
                        case "/api/queues" -> answer("[" + QUEUE + "]");
                        case "/api/exchanges" -> answer("{\"not\": \"a list\"}");
                        default -> new MockResponse.Builder().code(500).build();
                    };
                }
            });
            server.start();
            RabbitmqTarget target = new RabbitmqTarget(
                    ConfigReader.parse("r.yml", "url: \"" + server.url("/") + "\"", RabbitmqConfig.class));
            String page = ValidPage.of(target.read(Deadline.after(Duration.ofSeconds(10))));
            assertThat(page)
                    .contains("rabbitmq_module_up{cluster=\"c\",module=\"queue\",node=\"n\"} 1\n")
                    .contains("rabbitmq_module_up{cluster=\"c\",module=\"exchange\",node=\"n\"} 0\n")
                    .contains("rabbitmq_module_up{cluster=\"c\",module=\"node\",node=\"n\"} 0\n")
                    .contains("rabbitmq_queue_messages{");
        }
    }

    private static MockResponse answer(String body) {
        return new MockResponse.Builder().body(body).build();
    }

    @FuzzTest
    void anyJsonMakesAPage(byte[] data) throws Exception {
        JsonNode json;
        try {
            json = JSON.readTree(data);
        } catch (IOException notJson) {
            return;
        }
        Families families = new Families();
        ManagementNames names = new ManagementNames(config(""));
        names.overview(families, json, SERVER);
        names.node(families, json, SERVER);
        names.queue(families, json, SERVER);
        names.exchange(families, json, SERVER);
        names.connection(families, json, SERVER);
        ValidPage.of(families.list());
    }

    @Test
    void spoiltAnswersMakePages() throws Exception {
        for (byte[] answer : Mutations.of(QUEUE, 1000)) {
            anyJsonMakesAPage(answer);
        }
        anyJsonMakesAPage("{\"idle_since\": \"+999999999-12-31T23:59:59Z\"}".getBytes(StandardCharsets.UTF_8));
    }
}
