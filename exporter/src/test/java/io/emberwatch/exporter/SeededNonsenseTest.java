package io.emberwatch.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes in by HTTP, by files or from sensors, the page stays one that promtool takes. */
class SeededNonsenseTest {
    private static final String PAGE = """
            # HELP heat_score How well it is.
            # TYPE heat_score gauge
            heat_score{cluster="a",note="x\\\\y\\n\\"z"} 9.5
            # TYPE wait_seconds histogram
            wait_seconds_bucket{le="0.5"} 3
            wait_seconds_bucket{le="+Inf"} 4
            wait_seconds_sum 2.5
            wait_seconds_count 4
            # TYPE rpc summary
            rpc{quantile="0.9"} NaN
            rpc_sum 1e300
            rpc_count 2
            odd_total -Inf
            """;
    private static final String[] PIECES = {
        "\n",
        "{",
        "}",
        "\"",
        "\\",
        "# TYPE ",
        "# HELP ",
        "_bucket",
        "_sum",
        "_count",
        "le=\"x\"",
        " 1 2 3",
        "\0",
        "\u00e4\u6f22",
        "NaN",
        "# EOF\n",
        "{__name__=\"a\"}",
        "heat_score",
        "counter\n",
        "e999",
        ",,",
        "  ",
        "node_load1 1\n",
        "{a=\"1\",a=\"2\"} 1\n"
    };

    @TempDir
    private Path folder;

    private final Random random = new Random(20261121);

    @Test
    void filesOfNonsense() throws Exception {
        Path file = folder.resolve("heat.prom");
        try (RunningExporter exporter = new RunningExporter(
                "{host: {collectors: [loadavg]}, textfile: {directories: [" + folder + "]}}", List.of())) {
            for (int round = 0; round < 250; round++) {
                Files.write(file, spoilt(PAGE.getBytes(StandardCharsets.UTF_8)));
                Files.writeString(
                        folder.resolve("other.prom"), round % 3 == 0 ? PAGE.replace("gauge", "counter") : "a 1\n");
                check(exporter, round);
            }
        }
    }

    @Test
    void sensorsOfNonsense() throws Exception {
        byte[] good = "7.25 5000000 12\n0 0 0\n8,6;1\n".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 12; round++) {
            Path output = folder.resolve("lines-" + round);
            try (OutputStream out = Files.newOutputStream(output)) {
                for (int i = 0; i < 100; i++) {
                    out.write(spoilt(good));
                }
            }
            String config = "{host: {enabled: false}, sensors: [{name: wild, command: [sh, -c, 'cat " + output
                    + "; exec sleep 60'], max_line: 200B}]}";
            try (RunningExporter exporter = new RunningExporter(config, List.of())) {
                for (int i = 0; i < 100 && !exporter.page("/metrics").contains("sensor_up{sensor=\"wild\"} 1"); i++) {
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                }
                check(exporter, 0);
            }
        }
    }

    @Test
    void requestsOfNonsense() throws Exception {
        byte[] request = ("GET /metrics?collect[]=loadavg&exclude[]= HTTP/1.1\r\nHost: x\r\nAccept: "
                        + "application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1\r\nAccept-Encoding: gzip;q=1.0\r\n"
                        + "X-Prometheus-Scrape-Timeout-Seconds: 1\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (RunningExporter exporter = new RunningExporter("host: {collectors: [loadavg]}", List.of())) {
            for (int round = 0; round < 400; round++) {
                byte[] sent = spoilt(request);
                String answer = send(exporter.port(), sent);
                assertThat(answer)
                        .as(new String(sent, StandardCharsets.ISO_8859_1))
                        .doesNotStartWith("HTTP/1.1 5");
            }
            check(exporter, 0);
        }
    }

    // Prometheus' own parser is the judge; as it is a process, for every tenth page only.
    private static void check(RunningExporter exporter, int round) throws Exception {
        String page = exporter.page("/metrics");
        assertThat(ExpositionParser.parseFamilies(page.getBytes(StandardCharsets.UTF_8), TextFormat.PROMETHEUS_0_0_4))
                .isNotEmpty();
        if (round % 10 == 0) {
            assertThat(Promtool.lint(page)).isNotNull();
        }
    }

    private byte[] spoilt(byte[] text) {
        StringBuilder spoilt = new StringBuilder(new String(text, StandardCharsets.ISO_8859_1));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(spoilt.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> spoilt.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> spoilt.delete(at, Math.min(spoilt.length(), at + random.nextInt(12)));
                case 2 -> spoilt.insert(at, (char) random.nextInt(256));
                default -> spoilt.insert(at, spoilt.substring(at, Math.min(spoilt.length(), at + random.nextInt(60))));
            }
        }
        return spoilt.toString().getBytes(random.nextBoolean() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    // The beginning of the answer; nothing when there is none, as to half a request.
    private static String send(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(3000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(200), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException | SocketException e) {
            return "";
        }
    }
}
