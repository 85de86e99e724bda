package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of Debian's InfluxDB are set up from one configuration: what they keep, and what becomes of it. */
final class InfluxStorageTest {
    private static final long MILLION = 1_000_000L;

    @TempDir
    private Path folder;

    @Test
    void retentionAndHistoryAreAsConfiguredAndStaySo() throws Exception {
        try (InfluxServer one = InfluxServer.start(folder, Peers.freePort());
                InfluxServer two = InfluxServer.start(folder, Peers.freePort())) {
            Path config = config(one, two, "3d");
            assertThat(storage(config, "--check").exitCode()).isEqualTo(1);
            assertThat(one.query("", "SHOW DATABASES").toString()).doesNotContain("metrics");

            Program.Finished first = storage(config);
            assertThat(first.exitCode()).as(first.output()).isZero();
            for (InfluxServer server : new InfluxServer[] {one, two}) {
                assertThat(policy(server, "raw")).contains("72h0m0s").contains("true");
                assertThat(policy(server, "history")).contains("7200h0m0s").contains("false");
            }
            assertThat(storage(config, "--check").output())
                    .contains("is as configured")
                    .doesNotContain("needs");

            Program.Finished longer = storage(config(one, two, "7d"));
            assertThat(longer.output()).contains("ALTER RETENTION POLICY").doesNotContain("CONTINUOUS QUERY");
            assertThat(policy(one, "raw")).contains("168h0m0s");

            pointsBecomeHistory(one);
        }
    }

    private static void pointsBecomeHistory(InfluxServer server) throws Exception {
        Peers.await("the history has points", Duration.ofSeconds(30), () -> {
            server.write(
                    "metrics", "load,host=a one=1.5,two=2i " + Instant.now().toEpochMilli() * MILLION);
            JsonNode row = server.rows("metrics", "SELECT mean_one, max_two FROM history.load WHERE host = 'a'")
                    .path(0);
            return row.path(1).asDouble(-1) == 1.5 && row.path(2).asInt(-1) == 2;
        });
    }

    private static String policy(InfluxServer server, String name) throws Exception {
        for (JsonNode row : server.rows("metrics", "SHOW RETENTION POLICIES ON metrics")) {
            if (row.path(0).asText().equals(name)) {
                return row.toString();
            }
        }
        return "none";
    }

    private Program.Finished storage(Path config, String... more) throws Exception {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "push";
        arguments[1] = "storage";
        arguments[2] = "--config=" + config;
        System.arraycopy(more, 0, arguments, 3, more.length);
        return Program.run(folder, arguments);
    }

    private Path config(InfluxServer one, InfluxServer two, String raw) throws Exception {
        return Files.writeString(folder.resolve("emberwatch.yml"), """
                push:
                  influx:
                    storage: {raw: %s, history: 300d, every: 1s, functions: [mean, max]}
                    instances:
                      - name: load
                        http: {url: "%s", database: metrics}
                        filters: [{measurement: "load*"}]
                      - name: rest
                        http: {url: "%s", database: metrics}
                        filters: [{measurement: "!load*"}]
                """.formatted(raw, one.url(), two.url()));
    }
}
