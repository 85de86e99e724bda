package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.launcher.QueryCommand.Format;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code query} against an API with recorded answers. */
final class ResultPrinterTest {
    private static final String VECTOR = """
            {"resultType":"vector","result":[
             {"metric":{"__name__":"up","job":"host"},"value":[1700000000.5,"1"]},
             {"metric":{"__name__":"up","job":"etcd","instance":"a"},"value":[1700000000.5,"0.25"]}]}""";
    private static final String MATRIX = """
            {"resultType":"matrix","result":[
             {"metric":{"job":"host"},"values":[[1700000000,"1"],[1700000060,"NaN"],[1700000120,"8"]]}]}""";

    private final List<String> requests = new ArrayList<>();
    private com.sun.net.httpserver.HttpServer server;
    private String data = VECTOR;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
        server =
                com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            String body = status == 200
                    ? "{\"status\":\"success\",\"data\":" + data + "}"
                    : "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"unexpected end of input\"}";
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Cli query(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                "query", "--url", "http://127.0.0.1:" + server.getAddress().getPort()));
        words.addAll(List.of(arguments));
        return Cli.run(words.toArray(String[]::new));
    }

    @Test
    void vectorAsTable() {
        Cli run = query("up");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                up{job="host"}                1
                up{instance="a", job="etcd"}  0.25
                """);
        assertThat(requests).containsExactly("/api/v1/query");
    }

    @Test
    void vectorAsJson() {
        assertThat(query("--format", Format.JSON.name(), "up").out()).isEqualTo("""
                {"resultType":"vector","result":[{"metric":{"__name__":"up","job":"host"},"value":[1.7000000005E9,"1"]},\
                {"metric":{"__name__":"up","instance":"a","job":"etcd"},"value":[1.7000000005E9,"0.25"]}]}
                """);
    }

    @Test
    void rangeAsSparkline() {
        data = MATRIX;
        assertThat(query("--start", "1h", "up").out()).isEqualTo("▁ █  1.000 … 8.000, last 8.000  {job=\"host\"}\n");
        assertThat(requests).containsExactly("/api/v1/query_range");
    }

    @Test
    void rangeAsTable() {
        data = MATRIX;
        assertThat(query("--start", "1h", "--format", "table", "up").out()).isEqualTo("""
                {job="host"}
                  2023-11-14T22:13:20Z  1
                  2023-11-14T22:14:20Z  NaN
                  2023-11-14T22:15:20Z  8
                """);
    }

    @Test
    void nothingIsSaidToBeNothing() {
        data = "{\"resultType\":\"vector\",\"result\":[]}";
        assertThat(query("up").out()).isEqualTo("no series\n");
    }

    @Test
    void scalarIsItsNumber() {
        data = "{\"resultType\":\"scalar\",\"result\":[1700000000,\"42\"]}";
        assertThat(query("42").out()).isEqualTo("42\n");
    }

    @Test
    void faultyExpressionIsAUsageErrorAndASilentServerAFailure() {
        status = 400;
        Cli refused = query("up{");
        assertThat(refused.exitCode()).isEqualTo(Emberwatch.USAGE);
        assertThat(refused.err()).contains("unexpected end of input");
        server.stop(0);
        assertThat(query("up").exitCode()).isEqualTo(Emberwatch.FAILED);
    }
}
