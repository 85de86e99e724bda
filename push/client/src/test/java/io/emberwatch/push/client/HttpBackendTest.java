package io.emberwatch.push.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HttpBackendTest {
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theFirstVersionIsWrittenWithItsDatabaseAndUser() throws Exception {
        server.enqueue(new MockResponse.Builder().code(204).build());
        try (Monitoring monitoring = open("http://127.0.0.1:" + server.getPort() + "/debug?db=raw&u=me&p=secret")) {
            monitoring.send(Metric.named("m").value(1).build());
        }
        RecordedRequest request = server.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/write?db=raw");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Basic bWU6c2VjcmV0");
        assertThat(body(request)).startsWith("m,hostname=here value=1i ");
    }

    @Test
    void theSecondVersionIsWrittenWithItsToken() throws Exception {
        server.enqueue(new MockResponse.Builder().code(204).build());
        try (Monitoring monitoring =
                open("influxdbv2://127.0.0.1:" + server.getPort() + "?org=o&bucket=b%2Fc&token=secret")) {
            monitoring.send(Metric.named("m").value(1).build());
        }
        RecordedRequest request = server.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/api/v2/write?org=o&bucket=b%2Fc&precision=ns");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Token secret");
    }

    @Test
    void oneBadLineIsFoundAndTheOthersAreWritten() throws Exception {
        Set<String> written = new HashSet<>();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String body = body(request);
                if (body.contains("value=6i")) {
                    return new MockResponse.Builder()
                            .code(400)
                            .body("field type conflict")
                            .build();
                }
                written.addAll(body.lines().toList());
                return new MockResponse.Builder().code(204).build();
            }
        });
        Tally tally = new Tally();
        Backend backend = Backends.open(BackendAddress.parse("http://127.0.0.1:" + server.getPort()), tally);
        backend.send(QueuedBackendTest.lines(10));
        backend.close();
        assertThat(written).hasSize(9);
        assertThat(tally.soFar("b")).isEqualTo(new Delivery("b", 9, 0, 1, 0));
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() throws Exception {
        server.enqueue(new MockResponse.Builder().code(503).build());
        server.enqueue(new MockResponse.Builder().code(204).build());
        Monitoring monitoring = open("http://127.0.0.1:" + server.getPort());
        monitoring.send(Metric.named("m").value(1).build());
        monitoring.close();
        assertThat(monitoring.deliveries())
                .isEqualTo(List.of(new Delivery("http://127.0.0.1:" + server.getPort(), 1, 0, 0, 1)));
    }

    private static String body(RecordedRequest request) {
        return Objects.requireNonNull(request.getBody(), "body").utf8();
    }

    private static Monitoring open(String address) throws Exception {
        return Monitoring.to(address).tag("hostname", "here").open();
    }
}
