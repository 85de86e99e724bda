package io.emberwatch.push.influx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.push.influx.WriteOutcome.Refused;
import io.emberwatch.push.influx.WriteOutcome.Retry;
import io.emberwatch.push.influx.WriteOutcome.Stored;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpStoreTest {
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void writesToInfluxDb1() throws Exception {
        server.enqueue(response(204));

        assertThat(write("database: metrics, retention_policy: raw, username: u, password: p"))
                .isInstanceOf(Stored.class);

        RecordedRequest request = server.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/write?db=metrics&precision=ns&rp=raw");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Basic dTpw");
        assertThat(request.getBody().utf8()).isEqualTo("m v=1 5\n");
    }

    @Test
    void writesToInfluxDb2() throws Exception {
        server.enqueue(response(204));

        write("bucket: metrics, org: ours, token: secret, gzip: true");

        RecordedRequest request = server.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/api/v2/write?bucket=metrics&precision=ns&org=ours");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Token secret");
        byte[] body =
                new GZIPInputStream(new ByteArrayInputStream(request.getBody().toByteArray())).readAllBytes();
        assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("m v=1 5\n");
    }

    @Test
    void tellsRefusedLinesFromTroubleThatPasses() throws Exception {
        server.enqueue(response(400));
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", "7")
                .build());
        server.enqueue(response(500));
        server.enqueue(response(404));

        assertThat(write("database: m")).isInstanceOf(Refused.class);
        assertThat(((Retry) write("database: m")).after()).isEqualTo(Duration.ofSeconds(7));
        assertThat(write("database: m")).isInstanceOf(Retry.class);
        assertThat(write("database: m")).isInstanceOf(Retry.class);
        server.close();
        assertThat(write("database: m")).isInstanceOf(Retry.class);
    }

    @Test
    void wantsEitherADatabaseOrABucket() {
        assertThatThrownBy(() -> write("gzip: true")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> write("database: a, bucket: b"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("either database");
    }

    private WriteOutcome write(String yaml) throws ConfigException {
        HttpConfig config = ConfigReader.parse(
                "influx.yml",
                "{url: \"http://127.0.0.1:" + server.getPort() + "\", timeout: 2s, " + yaml + "}",
                HttpConfig.class);
        try (HttpStore store = new HttpStore(config)) {
            return store.write("m v=1 5\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static MockResponse response(int code) {
        return new MockResponse.Builder().code(code).build();
    }
}
