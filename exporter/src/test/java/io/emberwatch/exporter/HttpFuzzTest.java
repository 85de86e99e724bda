package io.emberwatch.exporter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever is asked over HTTP, the answer is one of those documented, pages can be read and the counters add up. An input is
 * a request: method and path, lines of headers, an empty line, the body; the line {@code Packed: yes} has the body packed.
 * Run with {@code JAZZER_FUZZ=1} to search; otherwise the seeds are replayed.
 */
final class HttpFuzzTest {
    private static final int ROUNDS = 200;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Path SEEDS = Path.of(
            "src/test/resources/io/emberwatch/exporter/HttpFuzzTestInputs/everyRequestGetsOneOfTheDocumentedAnswers");

    // How a request is cut out of its connection is the server's own affair; see SeededNonsenseTest.
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "connection", "expect", "upgrade", "packed");
    private static final Set<Integer> ANSWERS = Set.of(200, 204, 400, 403, 404, 405, 413, 415);
    private static final String[] PIECES = {
        "&",
        "?",
        "%",
        "%5B%5D=",
        "collect[]=",
        "exclude[]=loadavg",
        "precision=ms",
        "precision=",
        "module=web",
        "target=",
        "127.0.0.1:1",
        "script=greet",
        "q=m_f",
        "\n",
        "\n\n",
        ": ",
        ";q=0",
        ";q=",
        ",",
        "*/*",
        "gzip",
        "NaN",
        "1e308",
        "-1",
        "m,t=1 f=1i 5\n",
        "m f=\"\n\"\n",
        "\\",
        "\"",
        "\u00fc",
        "\0",
        " ",
        "9",
        "=",
        "Packed: yes",
        "Content-Encoding: gzip"
    };

    private static RunningExporter exporter;

    @BeforeAll
    static void start() throws Exception {
        exporter = new RunningExporter("""
                host: {collectors: [loadavg]}
                influx: {http: true, max_series: 50, max_line: 300B, max_body: 4KiB}
                statsd: {listeners: [{address: 'udp://127.0.0.1:0'}]}
                scripts: [{name: greet, command: [echo, greeting 7]}]
                json: {modules: {shelf: {metrics: [{name: books, path: '{ .books }', help: Books.}]}}}
                probe:
                  modules: {web: {prober: http, timeout: 1s}, door: {prober: tcp, timeout: 1s}}
                  allow: ['127.0.0.1:1', 'http://127.0.0.1:1/*']
                """, List.of());
    }

    @AfterAll
    static void stop() {
        exporter.close();
    }

    @FuzzTest(maxDuration = "60s")
    @SuppressWarnings("try") // what is allowed is allowed until the end of the block, in which nobody asks for it
    void everyRequestGetsOneOfTheDocumentedAnswers(byte[] request) throws Exception {
        // Nothing that is asked leads anywhere else.
        try (SilentCloseable allowed = BugDetectors.allowNetworkConnections(
                (host, port) -> host.equals("localhost") || host.equals("127.0.0.1"))) {
            check(request);
        }
    }

    @Test
    void spoiltRequestsToo() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(SEEDS)) {
            for (Path file : files.sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        assertThat(seeds).hasSizeGreaterThan(10);
        Random random = new Random(20261121);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder request = new StringBuilder(new String(seeds.get(random.nextInt(seeds.size())), ISO_8859_1));
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(request.length() + 1);
                switch (random.nextInt(3)) {
                    case 0 -> request.insert(at, PIECES[random.nextInt(PIECES.length)]);
                    case 1 -> request.delete(at, Math.min(request.length(), at + random.nextInt(8)));
                    default -> request.insert(at, (char) random.nextInt(256));
                }
            }
            check(request.toString().getBytes(ISO_8859_1));
        }
        assertThat(Promtool.lint(exporter.page("/metrics"))).isNotNull();
    }

    private static void check(byte[] input) throws IOException, ParseException {
        Answer answer = ask(input);
        // json_exporter's word for a document that cannot be had.
        boolean away = answer.status == 503 && answer.toString().contains("Failed to fetch JSON response");
        assertThat(away || ANSWERS.contains(answer.status))
                .as(answer.toString())
                .isTrue();
        page(answer);
        List<MetricFamily> own = page(ask("GET /metrics?collect%5B%5D=exporter\n\n".getBytes(UTF_8)));
        for (String what : List.of("lines", "values")) {
            String name = "emberwatch_exporter_influx_" + what;
            assertThat(sum(own, name + "_stored_total") + sum(own, name + "_dropped_total"))
                    .as(name)
                    .isEqualTo(sum(own, name + "_total"));
        }
        if (input.length > 0 && input[0] == 'P') {
            assertThat(page(ask("GET /metrics\n\n".getBytes(UTF_8)))).isNotEmpty();
        }
    }

    private static double sum(List<MetricFamily> families, String name) {
        return families.stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.points().stream())
                .mapToDouble(MetricPoint::value)
                .sum();
    }

    /** The families of a page, read in the format that it says it has; none when it is something else. */
    private static List<MetricFamily> page(Answer answer) throws ParseException {
        if (answer.status == 200 && answer.body.length > 0) {
            for (TextFormat format : TextFormat.values()) {
                if (answer.type.equals(format.contentType())) {
                    return ExpositionParser.parseFamilies(answer.body, format);
                }
            }
        }
        return List.of();
    }

    private static Answer ask(byte[] input) throws IOException {
        String text = new String(input, ISO_8859_1);
        int headEnd = text.indexOf("\n\n");
        String[] head = (headEnd < 0 ? text : text.substring(0, headEnd)).split("\n", -1);
        byte[] body = headEnd < 0 ? new byte[0] : text.substring(headEnd + 2).getBytes(ISO_8859_1);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes((requestLine(head[0]) + "\r\nHost: x\r\nConnection: close\r\n").getBytes(ISO_8859_1));
        boolean packed = false;
        for (int i = 1; i < head.length; i++) {
            String line = head[i].replaceAll("[\\x00-\\x1f\\x7f]", "");
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            packed |= name.equals("packed");
            if (name.matches("[a-z0-9-]+") && !FRAMING.contains(name)) {
                request.writeBytes((line + "\r\n").getBytes(ISO_8859_1));
            }
        }
        byte[] sent = packed ? gzip(body) : body;
        request.writeBytes(("Content-Length: " + sent.length + "\r\n\r\n").getBytes(ISO_8859_1));
        request.writeBytes(sent);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), exporter.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.toByteArray());
            return Answer.read(socket.getInputStream().readAllBytes());
        }
    }

    // A method and a path as they may stand in a request, whatever came.
    private static String requestLine(String line) {
        String[] words = line.split(" ", 2);
        String method = words[0].matches("[A-Z]{1,10}") ? words[0] : "GET";
        String path = words.length < 2 ? "/" : words[1];
        StringBuilder valid = new StringBuilder(path.startsWith("/") ? "" : "/");
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean plain = c < 0x7f && (Character.isLetterOrDigit(c) || "/?&=.,:;+-_*%".indexOf(c) >= 0);
            valid.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        // A percent sign that begins nothing would be refused before anyone of ours sees it.
        return method + " " + valid.toString().replaceAll("%(?![0-9a-fA-F]{2})", "%25") + " HTTP/1.1";
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body);
        }
        return packed.toByteArray();
    }

    private static final class Answer {
        private final int status;
        private final String type;
        private final byte[] body;

        private Answer(int status, String type, byte[] body) {
            this.status = status;
            this.type = type;
            this.body = body;
        }

        static Answer read(byte[] bytes) throws IOException {
            String text = new String(bytes, ISO_8859_1);
            int headEnd = text.indexOf("\r\n\r\n");
            assertThat(text).matches("(?s)HTTP/1\\.1 [0-9]{3}.*");
            String head = headEnd < 0 ? text : text.substring(0, headEnd);
            InputStream body = new ByteArrayInputStream(bytes, headEnd + 4, bytes.length - headEnd - 4);
            if (header(head, "content-encoding").equals("gzip") && headEnd + 4 < bytes.length) {
                body = new GZIPInputStream(body);
            }
            return new Answer(
                    Integer.parseInt(text.substring(9, 12)), header(head, "content-type"), body.readAllBytes());
        }

        private static String header(String head, String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        @Override
        public String toString() {
            return status + " " + type + " " + new String(body, UTF_8);
        }
    }
}
