package io.emberwatch.exporter.lineprotocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLException;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

final class InfluxPartTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1000));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final CollectorRegistry registry = new CollectorRegistry();
    private InfluxPart part;

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        if (part != null) {
            part.close();
        }
    }

    @Test
    void hearsDatagrams() throws Exception {
        start("listeners: [{address: 'udp://127.0.0.1:0'}]");
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] lines = "m,t=1 v=1\nm,t=2 v=2\nbroken".getBytes(UTF_8);
            socket.send(new DatagramPacket(
                    lines,
                    lines.length,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), part.port("udp://127.0.0.1:0"))));
            await("m_v{t=\"2\"} 2");
            // Counted once the whole datagram has been read.
            await(this::own, "influxdb_udp_parse_errors_total 1");
        }

        assertThat(own())
                .contains(
                        "emberwatch_exporter_influx_lines_total{listener=\"udp://127.0.0.1:0\"} 3\n",
                        "emberwatch_exporter_influx_lines_stored_total{listener=\"udp://127.0.0.1:0\"} 2\n",
                        "influxdb_udp_parse_errors_total 1\n",
                        "emberwatch_exporter_listener_packets_total{listener=\"udp://127.0.0.1:0\"} 1\n",
                        "emberwatch_exporter_listener_kernel_drops_total{listener=\"udp://127.0.0.1:0\"} 0\n");
    }

    @Test
    void countsWhatTheKernelDrops() throws Exception {
        start("listeners: [{address: 'udp://127.0.0.1:0', receive_buffer: 4096}]");
        int sent = 20_000;
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] line = ("m s=\"" + "x".repeat(1000) + "\",v=1").getBytes(UTF_8);
            InetSocketAddress to =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), part.port("udp://127.0.0.1:0"));
            for (int i = 0; i < sent; i++) {
                socket.send(new DatagramPacket(line, line.length, to));
            }
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        double accounted = 0;
        while (accounted < sent && System.nanoTime() < deadline) {
            scheduler.advance(Duration.ofSeconds(1));
            accounted = sum("emberwatch_exporter_listener_packets_total")
                    + sum("emberwatch_exporter_listener_kernel_drops_total");
        }

        assertThat(accounted).isEqualTo(sent);
        assertThat(sum("emberwatch_exporter_listener_kernel_drops_total")).isPositive();
    }

    @Test
    void hearsConnections() throws Exception {
        start("listeners: [{address: 'tcp://127.0.0.1:0'}]");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), part.port("tcp://127.0.0.1:0"))) {
            socket.getOutputStream().write("m v=1\nm,t=a v=".getBytes(UTF_8));
            await("m_v 1");
            socket.getOutputStream().write("2\nlast v=3".getBytes(UTF_8));
            await("m_v{t=\"a\"} 2");
        }
        await("last_v 3");
    }

    @Test
    void refusesConnectionsBeyondItsBound() throws Exception {
        start("listeners: [{address: 'tcp://127.0.0.1:0', max_connections: 1}]");
        int port = part.port("tcp://127.0.0.1:0");
        try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port)) {
            first.getOutputStream().write("m v=1\n".getBytes(UTF_8));
            await("m_v 1");
            try (Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(second.getInputStream().read()).isEqualTo(-1);
            }
            first.getOutputStream().write("m v=2\n".getBytes(UTF_8));
            await("m_v 2");
        }

        assertThat(sum("emberwatch_exporter_listener_connections_refused_total"))
                .isEqualTo(1);
    }

    @Test
    void hearsASocketInTheFileSystemWithItsMode() throws Exception {
        Path path = directory.resolve("influx.sock");
        start("listeners: [{address: 'unix://" + path + "', mode: '0620'}]");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw--w----");
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.write(ByteBuffer.wrap("m v=4\n".getBytes(UTF_8)));
            await("m_v 4");
        }
        part.close();
        assertThat(path).doesNotExist();
    }

    @Test
    void hearsDatagramsInTheFileSystemWithTheirOwnerAndMode() throws Exception {
        Path path = directory.resolve("influx.dgram");
        String group = Files.readAttributes(directory, java.nio.file.attribute.PosixFileAttributes.class)
                .group()
                .getName();
        start("listeners: [{address: 'unixgram://" + path + "', mode: '0606', group: " + group + "}]");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw----rw-");
        try (AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open()) {
            channel.connect(AFUNIXSocketAddress.of(path));
            channel.write(ByteBuffer.wrap(("m,t=1 v=1\nm,t=2 s=\"" + "x".repeat(60_000) + "\",v=2").getBytes(UTF_8)));
        }
        await("m_v{t=\"2\"} 2");
        part.close();
        assertThat(path).doesNotExist();
    }

    @Test
    void takesThePlaceOfASocketThatAnEarlierRunLeftButOfNoOtherFile() throws Exception {
        Path path = directory.resolve("influx.sock");
        try (var channel = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));
        }
        start("listeners: [{address: 'unix://" + path + "'}]");
        part.close();

        Files.writeString(path, "mine");
        assertThatThrownBy(() -> start("listeners: [{address: 'unix://" + path + "'}]"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is there and is not a socket");
        assertThat(path).hasContent("mine");
    }

    @Test
    void answersAsInfluxDbDoes() throws Exception {
        start("listeners: [{address: 'http://127.0.0.1:0'}]");

        assertThat(post("/write?db=x&precision=s", "m v=1 5\n", false).statusCode())
                .isEqualTo(204);
        assertThat(post("/api/v2/write?org=o&bucket=b", "m,t=v2 v=2\n", true).statusCode())
                .isEqualTo(204);
        await("m_v{t=\"v2\"} 2");
        HttpResponse<String> partial = post("/write", "m v=3\nbroken\nm,t=x v=4\n", false);
        assertThat(partial.statusCode()).isEqualTo(400);
        assertThat(partial.body())
                .isEqualTo("{\"error\":\"partial write: unable to parse 'broken': "
                        + "expected a space and at least one field dropped=1\"}");
        await("m_v{t=\"x\"} 4");
        HttpResponse<String> wrong = post("/api/v2/write?precision=h", "m v=3\n", false);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).isEqualTo("{\"code\":\"invalid\",\"message\":\"invalid precision h\"}");
        assertThat(get("/ping").statusCode()).isEqualTo(204);
        assertThat(get("/query?q=CREATE+DATABASE+x").body()).isEqualTo("{\"results\":[]}");
        assertThat(get("/health").body()).contains("\"status\":\"pass\"");
    }

    @Test
    void readsBodiesOfAnyLengthInPieces() throws Exception {
        start("listeners: [{address: 'http://127.0.0.1:0'}]\nmax_line: 1000\nmax_body: 1MiB");
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            body.append("m,t=").append(i % 100).append(" v=").append(i).append(",s=\"a\nb\"\n");
        }
        body.append("m s=\"").append("x".repeat(200_000)).append("\",v=1\nm,t=end v=1");
        HttpResponse<String> answer = post("/write", body.toString(), true);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(sum("emberwatch_exporter_influx_lines_total")).isEqualTo(5002);
        assertThat(sum("emberwatch_exporter_influx_lines_stored_total")).isEqualTo(5001);
        assertThat(post("/write", "x".repeat(2 << 20), true).statusCode()).isEqualTo(413);
        assertThat(post("/write", "m v=1\n".repeat(1 << 18), false).statusCode())
                .isEqualTo(413);
    }

    @Test
    void asksToSendAgainWhatCannotBeForwarded() throws Exception {
        part = part("listeners: [{address: 'http://127.0.0.1:0'}]\nforward_patience: 10ms");
        part.forwardLines((lines, from, to, count, deadline) -> false);
        part.start();
        HttpResponse<String> answer = post("/write", "m v=1\n", false);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(sum("emberwatch_exporter_influx_lines_forward_lost_total")).isEqualTo(1);
    }

    @Test
    void removesSeriesAfterTheirTime() throws Exception {
        start("listeners: [{address: 'http://127.0.0.1:0'}]\nseries_ttl: 1m");
        post("/write", "m v=1\n", false);
        await("m_v 1");
        scheduler.advance(Duration.ofSeconds(70));

        assertThat(page()).doesNotContain("m_v");
        assertThat(sum("emberwatch_exporter_influx_series_expired_total")).isEqualTo(1);
    }

    @Test
    void aPortOfItsOwnAsksForUsersWhenToldTo() throws Exception {
        Path web = directory.resolve("web.config.yml");
        Files.writeString(
                web, "basic_auth_users: {alice: $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW}\n");
        start("listeners: [{address: 'http://127.0.0.1:0'}]\nweb_config: " + web);

        assertThat(post("/write", "m v=1", false).statusCode()).isEqualTo(401);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("/write"))
                .POST(HttpRequest.BodyPublishers.ofString("m v=2"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("alice:U*U".getBytes(UTF_8)));
        assertThat(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(204);
        assertThat(page()).contains("m_v 2\n");
        assertThat(sum("emberwatch_exporter_influx_lines_total")).isEqualTo(1);
    }

    @Test
    void aPortOfItsOwnTakesTlsAndUsersFromItsWebConfiguration() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .commonName("lines")
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        Files.writeString(directory.resolve("cert.pem"), certificate.certificatePem());
        Files.writeString(directory.resolve("key.pem"), certificate.privateKeyPkcs8Pem());
        Path web = Files.writeString(directory.resolve("web.config.yml"), """
                tls_server_config: {cert_file: cert.pem, key_file: key.pem}
                basic_auth_users: {alice: $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW}
                """);
        start("listeners: [{address: 'http://127.0.0.1:0'}]\nweb_config: " + web);
        HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
        HttpClient client =
                HttpClient.newBuilder().sslContext(trusted.sslContext()).build();
        URI secured = URI.create(uri("/api/v2/write?precision=s").toString().replace("http:", "https:"));

        assertThat(send(client, secured, "alice:U*U")).isEqualTo(204);
        assertThat(send(client, secured, "alice:guess")).isEqualTo(401);
        assertThat(send(client, secured, "")).isEqualTo(401);
        assertThatThrownBy(() -> send(CLIENT, secured, "alice:U*U"))
                .as("nobody vouches for the certificate")
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> post("/write", "m v=2\n", false))
                .as("without TLS")
                .isInstanceOf(IOException.class);
        assertThat(page()).contains("m_v 1\n");
        assertThat(sum("emberwatch_exporter_influx_lines_total")).isEqualTo(1);
    }

    private static int send(HttpClient client, URI uri, String user) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString("m v=1 5"));
        if (!user.isEmpty()) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void aWebConfigThatCannotBeUsedIsRefusedAtTheStart() throws Exception {
        Path web = directory.resolve("web.config.yml");
        Files.writeString(web, "basic_auth: {}\n");
        part = part("listeners: [{address: 'http://127.0.0.1:0'}]\nweb_config: " + web);

        assertThatThrownBy(() -> part.start())
                .hasMessageContaining("web.config.yml")
                .hasMessageContaining("basic_auth");
    }

    private void start(String yaml) throws Exception {
        part = part(yaml);
        part.start();
    }

    private InfluxPart part(String yaml) throws ConfigException {
        registry.clear();
        return new InfluxPart(
                ConfigReader.parse("influx.yml", yaml, InfluxConfig.class),
                new ServiceContext(clock, scheduler, directory, directory),
                registry,
                new ListenMetrics(registry));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, boolean gzip) throws Exception {
        byte[] bytes = body.getBytes(UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (gzip) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(bytes);
            }
            bytes = packed.toByteArray();
            request.header("Content-Encoding", "gzip");
        }
        return CLIENT.send(
                request.POST(HttpRequest.BodyPublishers.ofByteArray(bytes)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + part.port("http://127.0.0.1:0") + path);
    }

    private String page() {
        return ExpositionWriter.toText(
                part.collect(Deadline.after(Duration.ofSeconds(1))), TextFormat.PROMETHEUS_0_0_4);
    }

    private String own() {
        return ExpositionWriter.toText(Registry.families(registry), TextFormat.PROMETHEUS_0_0_4);
    }

    private double sum(String name) {
        return Registry.families(registry).stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.points().stream())
                .mapToDouble(point -> point.value())
                .sum();
    }

    private void await(String line) {
        await(this::page, line);
    }

    private static void await(Supplier<String> page, String line) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!page.get().contains(line + "\n")) {
            assertThat(System.nanoTime())
                    .as(() -> line + " did not come; " + page.get())
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
