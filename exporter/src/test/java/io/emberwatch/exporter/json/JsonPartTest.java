package io.emberwatch.exporter.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonPartTest {
    private static final String DOCUMENT = """
            {"counter": 1234, "timestamp": 1657568506000, "location": "mars", "a.b": {"c": 7}, "null": null,
             "values": [
               {"id": "id-A", "count": 1, "some_boolean": true, "state": "ACTIVE"},
               {"id": "id-B", "count": 2, "some_boolean": true, "state": "INACTIVE"},
               {"id": "id-C", "count": 3, "some_boolean": false, "state": "ACTIVE"}]}
            """;
    private static final String MODULES = """
            modules:
              default:
                headers:
                  X-Dummy: my-test-header
                metrics:
                - name: example_global_value
                  path: '{ .counter }'
                  help: Example of a top-level global value scrape in the json
                  labels:
                    environment: beta # static label
                    location: 'planet-{.location}' # dynamic label
                - name: example_timestamped_value
                  path: '{ .values[?(@.state == "INACTIVE")].count }'
                  valuetype: gauge
                  epochTimestamp: '{ .timestamp }'
                - name: example_value
                  type: object
                  path: '{.values[?(@.state == "ACTIVE")]}'
                  labels:
                    id: '{ .id }'
                  values:
                    active: 1      # static value
                    count: '{.count}'
                    boolean: '{.some_boolean}'
                - name: escaped
                  path: '{ .a\\.b.c }'
                - name: nothing
                  path: '{ .null }'
                - name: missing
                  path: '{ .nope }'
                - name: allowed
                  path: '{ .nope }'
                  allow_missing_key: true
                - name: text
                  path: '{ .location }'
              list:
                metrics:
                - name: animal
                  type: object
                  path: '{ [*] }'
                  labels: {name: '{ .noun }'}
                  values: {population: '{ .population }'}
                body:
                  content: '{"ask": "{{ .what | first }}"}'
                  templatize: true
                http_client_config:
                  basic_auth: {username: me, password: secret}
                valid_status_codes: [200, 203]
            """;

    @TempDir
    private Path folder;

    private final CollectorRegistry registry = new CollectorRegistry();
    private final List<String> requests = new ArrayList<>();
    private HttpServer documents;
    private HttpServer server;
    private JsonPart part;

    @BeforeEach
    void start() throws Exception {
        Route document = Route.get("/data.json", exchange -> {
            requests.add(String.valueOf(exchange.header("X-Dummy")));
            exchange.respondJson(200, DOCUMENT.getBytes(UTF_8));
        });
        Route list = Route.post("/list", exchange -> {
            requests.add(exchange.header("Authorization") + " " + new String(exchange.body(1000), UTF_8));
            exchange.respondJson(203, "[{\"noun\":\"lion\",\"population\":123}]".getBytes(UTF_8));
        });
        Route text = Route.get("/text", exchange -> exchange.respondText(200, "{\"a\": 1} and more"));
        documents = HttpServer.start(new ListenAddress("127.0.0.1", 0), List.of(document, list, text));
        Path file = Files.writeString(folder.resolve("json_exporter.yml"), MODULES);
        part = new JsonPart(
                ConfigReader.parse("json.yml", "config_file: " + file, JsonConfig.class),
                target -> !target.contains("forbidden"),
                registry);
        part.start();
        server = HttpServer.start(new ListenAddress("127.0.0.1", 0), part.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        documents.close();
        part.close();
    }

    private HttpResponse<String> probe(String query) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/probe/json?" + query))
                                .build(),
                        BodyHandlers.ofString());
    }

    private String target(String path) {
        return "target=http://127.0.0.1:" + documents.port() + path;
    }

    private double errors(String module, String error) {
        Double value = registry.getSampleValue(
                "emberwatch_exporter_json_errors_total", new String[] {"module", "error"}, new String[] {module, error
                });
        return value == null ? -1 : value;
    }

    @Test
    void readsAFileOfJsonExporterAndAnswersAsItDoes() throws Exception {
        assertThat(errors("default", "missing")).isZero();
        assertThat(probe(target("/data.json")).body()).isEqualTo("""
                # HELP example_global_value Example of a top-level global value scrape in the json
                # TYPE example_global_value untyped
                example_global_value{environment="beta",location="planet-mars"} 1234
                # HELP example_timestamped_value example_timestamped_value
                # TYPE example_timestamped_value gauge
                example_timestamped_value 2 1657568506000
                # HELP example_value_active example_value
                # TYPE example_value_active untyped
                example_value_active{id="id-A"} 1
                example_value_active{id="id-C"} 1
                # HELP example_value_count example_value
                # TYPE example_value_count untyped
                example_value_count{id="id-A"} 1
                example_value_count{id="id-C"} 3
                # HELP example_value_boolean example_value
                # TYPE example_value_boolean untyped
                example_value_boolean{id="id-A"} 1
                example_value_boolean{id="id-C"} 0
                # HELP escaped escaped
                # TYPE escaped untyped
                escaped 7
                # HELP nothing nothing
                # TYPE nothing untyped
                nothing NaN
                """);
        assertThat(requests).containsExactly("my-test-header");
        assertThat(errors("default", "missing")).isEqualTo(1);
        assertThat(errors("default", "not_a_number")).isEqualTo(1);
    }

    @Test
    void aModuleMayPostWithAPasswordAndParametersOfTheProbe() throws Exception {
        assertThat(probe("module=list&what=beasts&" + target("/list")).body())
                .contains("animal_population{name=\"lion\"} 123\n");
        assertThat(requests).containsExactly("Basic bWU6c2VjcmV0 {\"ask\": \"beasts\"}");
    }

    @Test
    void whatCannotBeReadIsSaidAndCounted() throws Exception {
        assertThat(probe(target("/none")).body()).contains("answered 404");
        assertThat(probe(target("/text")).body()).contains("is not JSON");
        assertThat(probe("target=http://127.0.0.1:1/").statusCode()).isEqualTo(503);
        assertThat(probe("module=none&" + target("/none")).statusCode()).isEqualTo(400);
        assertThat(probe("target=file:///etc/passwd").statusCode()).isEqualTo(400);
        assertThat(errors("default", "status")).isEqualTo(1);
        assertThat(errors("default", "malformed")).isEqualTo(1);
        assertThat(errors("default", "fetch")).isEqualTo(1);
    }

    @Test
    void whatTheGuardDoesNotLetThroughIsNotAsked() throws Exception {
        HttpResponse<String> answer = probe(target("/forbidden"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(requests).isEmpty();
    }

    @Test
    void faultsOfTheFileAreToldWithTheirPlace() throws Exception {
        Path file = Files.writeString(
                folder.resolve("bad.yml"),
                "modules:\n  m:\n    metrics:\n    - {name: a, path: '{ .a'}\n    - {name: b, path: '.b', engine: cel}\n");
        JsonPart bad = new JsonPart(
                ConfigReader.parse("json.yml", "config_file: " + file, JsonConfig.class),
                target -> true,
                new CollectorRegistry());
        assertThatThrownBy(bad::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + ":4:")
                .hasMessageContaining("a brace is not closed")
                .hasMessageContaining(file + ":5:")
                .hasMessageContaining("cel is not known");
    }

    @Test
    void aTemplateThatLeadsNowhereIsNothing() {
        assertThat(Set.of("{.a[?(@.b == 1)]}", "{..x}", "{.a[5].b}", "{$.z}"))
                .allSatisfy(template -> assertThat(
                                PathTemplate.compile(template).text(JsonNodeFactory.instance.objectNode()))
                        .isNull());
    }
}
