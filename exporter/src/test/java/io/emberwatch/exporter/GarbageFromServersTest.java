package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.status.FakeServer;
import io.emberwatch.exporter.status.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whatever the servers answer that are asked for their status, promtool can read the page and the rest is on it. */
class GarbageFromServersTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    private static final String GOOD = HEAD
            + "[{\"status\": 200, \"value\": {\"a:type=b\": {\"C\": 1, \"d\\\"\": {\"e\": 2}}}, \"cluster_name\": \"x\","
            + " \"workers\": [{\"id\": 1, \"apps\": [{\"mountpoint\": \"/\"}]}], \"name\": \"q\", \"messages\": 3}]";

    @Test
    void promtoolReadsThePageWhateverServersAnswer() throws Exception {
        List<byte[]> answers = Mutations.of(GOOD, 400);
        AtomicInteger next = new AtomicInteger();
        FakeServer.Manner manner = client -> FakeServer.says(answers.get(next.getAndIncrement() % answers.size()))
                .serve(client);
        try (FakeServer server = new FakeServer(manner);
                RunningExporter exporter = new RunningExporter("""
                        host: {collectors: [loadavg]}
                        services:
                          timeout: 2s
                          nginx: ["http://%1$s/"]
                          uwsgi: ["tcp://%1$s", "http://%1$s/"]
                          memcached: ["%1$s"]
                          rabbitmq: [{url: "http://%1$s"}]
                          jmx: [{url: "http://%1$s/jolokia"}]
                        """.formatted(server.address()), List.of())) {
            for (int i = 0; i < 15; i++) {
                String page = exporter.page("/metrics");
                Promtool.lint(page);
                assertThat(page).contains("node_load1 ", "nginx_up{", "jmx_scrape_error{");
                assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(1 << 20);
            }
        }
    }
}
