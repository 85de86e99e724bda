package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The exporter's page as curl and hostile clients see it. */
final class ExporterHttpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MANY = 10_000;
    // Of the password U*U, from the test vectors of crypt_blowfish.
    private static final String HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final List<SocketChannel> clients = new ArrayList<>();
    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        port = Peers.freePort();
    }

    @AfterEach
    void closeClients() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    private ServerProcess start(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("exporter", "--listen=127.0.0.1:" + port));
        arguments.addAll(List.of(more));
        return Program.start("exporter", folder, arguments.toArray(String[]::new));
    }

    private void awaitPlain(ServerProcess exporter) throws Exception {
        Peers.await(
                "it answers: " + exporter.tail(), PATIENCE, () -> Http.isOk("http://127.0.0.1:" + port + "/-/ready"));
    }

    /** What curl prints, headers first, and its exit code in front when that is not 0. */
    private String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Peers.program("/usr/bin/curl", "curl"), "-sS", "-i", "-g", "--max-time", "20", "--noproxy", "*"));
        command.addAll(Arrays.asList(arguments));
        Path output = folder.resolve("curl.out");
        Process curl = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        return curl.exitValue() == 0 ? text : "curl: exit " + curl.exitValue() + "\n" + text;
    }

    @Test
    void curlGetsWhatItAsksFor() throws Exception {
        try (ServerProcess exporter = start()) {
            awaitPlain(exporter);
            String metrics = "http://127.0.0.1:" + port + "/metrics";
            assertThat(curl(metrics))
                    .startsWith("HTTP/1.1 200 OK\n")
                    .containsIgnoringCase("Content-Type: text/plain; version=0.0.4; charset=utf-8\n")
                    .contains("\nnode_load1 ");
            assertThat(curl("-H", "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.4", metrics))
                    .containsIgnoringCase("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\n")
                    .endsWith("# EOF\n");
            assertThat(curl("-H", "Accept: application/openmetrics-text;q=0,*/*;q=0.1", metrics))
                    .containsIgnoringCase("Content-Type: text/plain; version=0.0.4; charset=utf-8\n");
            assertThat(curl("--compressed", metrics))
                    .containsIgnoringCase("Content-Encoding: gzip\n")
                    .contains("\nnode_load1 ");
            assertThat(curl("-I", metrics)).startsWith("HTTP/1.1 200 OK\n").doesNotContain("node_load1");
            assertThat(curl("-d", "x=y", metrics))
                    .startsWith("HTTP/1.1 405 Method Not Allowed\n")
                    .containsIgnoringCase("Allow: GET, HEAD\n");
            assertThat(curl(metrics + "?collect[]=uname"))
                    .contains("\nnode_uname_info{")
                    .doesNotContain("\nnode_load1 ");
            assertThat(curl(metrics + "?exclude[]=host"))
                    .contains("\nemberwatch_exporter_sensor_up{")
                    .doesNotContain("\nnode_load1 ");
            assertThat(curl(metrics + "?collect[]=cpu&exclude[]=uname"))
                    .startsWith("HTTP/1.1 400 Bad Request\n")
                    .endsWith("\n\nCombined collect and exclude queries are not allowed.\n");
            assertThat(curl("http://127.0.0.1:" + port + "/")).contains("<h1>Emberwatch exporter</h1>");
            assertThat(curl("-X", "POST", "http://127.0.0.1:" + port + "/-/reload"))
                    .startsWith("HTTP/1.1 200 OK\n");
        }
    }

    @Test
    void curlNeedsTheRightCertificateAndPassword() throws Exception {
        HeldCertificate authority = new HeldCertificate.Builder()
                .commonName("ca")
                .certificateAuthority(0)
                .build();
        HeldCertificate server = new HeldCertificate.Builder()
                .commonName("server")
                .addSubjectAlternativeName("127.0.0.1")
                .signedBy(authority)
                .build();
        HeldCertificate scraper = new HeldCertificate.Builder()
                .commonName("scraper")
                .signedBy(authority)
                .build();
        Files.writeString(folder.resolve("ca.pem"), authority.certificatePem());
        Files.writeString(folder.resolve("cert.pem"), server.certificatePem());
        Files.writeString(folder.resolve("key.pem"), server.privateKeyPkcs8Pem());
        Files.writeString(folder.resolve("scraper.pem"), scraper.certificatePem() + scraper.privateKeyPkcs8Pem());
        Path web = Files.writeString(folder.resolve("web.config.yml"), """
                tls_server_config:
                  cert_file: cert.pem
                  key_file: key.pem
                  client_ca_file: ca.pem
                  client_auth_type: RequireAndVerifyClientCert
                  min_version: TLS12
                  max_version: TLS13
                  cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]
                basic_auth_users: {alice: "%s"}
                http_server_config: {http2: true, headers: {X-Frame-Options: deny}}
                """.formatted(HASH));
        String url = "https://127.0.0.1:" + port + "/metrics";
        String[] good = {
            "--cacert",
            folder.resolve("ca.pem").toString(),
            "--cert",
            folder.resolve("scraper.pem").toString()
        };
        try (ServerProcess exporter = start("--web.config.file=" + web)) {
            Peers.await(
                    "it answers",
                    PATIENCE,
                    () -> curl(with(good, "-u", "alice:U*U", url)).contains(" 200"));
            assertThat(curl(with(good, "-u", "alice:U*U", url)))
                    .contains("\nnode_load1 ")
                    .containsIgnoringCase("X-Frame-Options: deny\n");
            assertThat(curl(with(good, "-u", "alice:wrong", url))).contains(" 401");
            assertThat(curl(with(good, "-u", "mallory:U*U", url))).contains(" 401");
            assertThat(curl(with(good, url))).contains(" 401").containsIgnoringCase("WWW-Authenticate: Basic");
            assertThat(curl(
                            "-u",
                            "alice:U*U",
                            "--cacert",
                            folder.resolve("ca.pem").toString(),
                            url))
                    .startsWith("curl: exit");
            assertThat(curl(with(good, "-u", "alice:U*U", "--tls-max", "1.2", url)))
                    .contains(" 200");
            assertThat(curl(with(good, "-u", "alice:U*U", "--tls-max", "1.1", url)))
                    .startsWith("curl: exit");

            Files.writeString(web, Files.readString(web).replace("alice:", "bob:"));
            assertThat(curl(with(good, "-u", "alice:U*U", url))).contains(" 401");
            assertThat(curl(with(good, "-u", "bob:U*U", url))).contains(" 200");
        }
    }

    private static String[] with(String[] first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void tenThousandConnectionsAndSlowSendersHoldUpNobody() throws Exception {
        try (ServerProcess exporter = start()) {
            awaitPlain(exporter);
            for (int i = 0; i < MANY; i++) {
                // Of twenty, one sends half a request and then nothing more; the others say nothing at all.
                connect(i % 20 == 0 ? "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: " : "");
            }
            for (int i = 0; i < 3; i++) {
                assertThat(curl("http://127.0.0.1:" + port + "/metrics?collect[]=host"))
                        .startsWith("HTTP/1.1 200 OK\n")
                        .contains("\nnode_load1 ");
            }
            assertThat(exporter.isAlive()).isTrue();
            closeClients();
            assertThat(curl("http://127.0.0.1:" + port + "/metrics")).startsWith("HTTP/1.1 200 OK\n");
        }
    }

    private void connect(String text) throws IOException {
        SocketChannel client = SocketChannel.open();
        clients.add(client);
        // Addresses of their own, so that ports do not run out.
        client.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (2 + clients.size() % 5)}), 0));
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (!text.isEmpty()) {
            client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }
    }
}
