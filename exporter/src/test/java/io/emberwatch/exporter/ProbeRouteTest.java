package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeRouteTest {
    private static final String CONFIG = """
            host: {enabled: false}
            scripts: [{name: greet, command: [echo, greeting 7]}]
            json:
              modules:
                shelf: {metrics: [{name: books, path: '{ .books }', help: Books.}]}
            probe:
              modules: {web: {prober: http, timeout: 5s}}
              allow: ['127.0.0.1:*']
            """;

    @Test
    void allThatProbesIsAskedAtOnePath() throws Exception {
        Route books = Route.get(
                "/books", exchange -> exchange.respondJson(200, "{\"books\":3}".getBytes(StandardCharsets.UTF_8)));
        try (HttpServer documents = HttpServer.start(new ListenAddress("127.0.0.1", 0), List.of(books));
                RunningExporter exporter = new RunningExporter(CONFIG, List.of())) {
            String target = "target=http://127.0.0.1:" + documents.port() + "/books";
            assertThat(exporter.page("/probe?module=web&" + target)).contains("probe_success 1\n");
            assertThat(exporter.page("/probe?" + target))
                    .as("blackbox_exporter's default")
                    .contains("probe_success 1\n");
            assertThat(exporter.page("/probe?module=shelf&" + target)).contains("books 3\n");
            assertThat(exporter.page("/probe/json?module=shelf&" + target)).contains("books 3\n");
            assertThat(exporter.page("/probe?script=greet"))
                    .contains("script_success{script=\"greet\"} 1\n")
                    .contains("greeting 7\n");
            assertThat(exporter.page("/probe/script?script=greet")).contains("greeting 7\n");

            refuses(exporter, "/probe?module=none&" + target, 400, "Unknown module \"none\"");
            refuses(exporter, "/probe?module=shelf", 400, "Target parameter is missing");
            refuses(exporter, "/probe?module=web", 400, "Target parameter is missing");
            refuses(exporter, "/probe?script=none", 400, "Script not found: none");
            refuses(exporter, "/probe?module=shelf&target=http://127.0.0.2/", 403, "not among those");
            refuses(exporter, "/probe?module=web&target=http://127.0.0.2/", 403, "not among those");
        }
    }

    private static void refuses(RunningExporter exporter, String path, int status, String words) throws Exception {
        HttpResponse<String> answer = exporter.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(answer.body()).as(path).contains(words);
    }
}
