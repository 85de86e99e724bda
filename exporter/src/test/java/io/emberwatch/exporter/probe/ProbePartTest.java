package io.emberwatch.exporter.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.status.FakeServer;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbePartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    // The example of blackbox_exporter's documentation in its parts.
    private static final String BLACKBOX = """
            modules:
              http_2xx:
                prober: http
                http: {preferred_ip_protocol: ip4}
              http_post_2xx:
                prober: http
                http: {method: POST, headers: {Content-Type: application/json}, body: '{}'}
              tcp_connect: {prober: tcp}
              pop3s_banner:
                prober: tcp
                tcp:
                  query_response:
                  - expect: "^+OK"
                  tls: true
                  tls_config: {insecure_skip_verify: false}
              grpc: {prober: grpc, grpc: {tls: true, preferred_ip_protocol: ip4}}
              ssh_banner:
                prober: tcp
                tcp:
                  query_response:
                  - expect: "^SSH-2.0-"
                  - send: "SSH-2.0-blackbox-ssh-check"
              ssh_banner_extract:
                prober: tcp
                timeout: 5s
                tcp:
                  query_response:
                  - expect: "^SSH-2.0-([^ -]+)(?: (.*))?$"
                    labels:
                    - {name: ssh_version, value: "${1}"}
                    - {name: ssh_comments, value: "${2}"}
              icmp: {prober: icmp, timeout: 5s, icmp: {ttl: 5}}
              dns_test: {prober: dns, dns: {query_name: example.com}}
            """;

    @TempDir
    private Path folder;

    private static ModuleConfig module(String yaml) throws ConfigException {
        return ConfigReader.parse("module.yml", yaml, ModuleConfig.class);
    }

    private static String run(String module, String target) throws ConfigException {
        return text(new ProbeRunner(module(module))
                .run(target, Deadline.after(PATIENCE), address -> true)
                .families());
    }

    private static String text(List<MetricFamily> families) {
        return ExpositionWriter.toText(families, TextFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void blackboxExportersFileIsReadAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("blackbox.yml"), BLACKBOX);
        ProbeConfig config = ConfigReader.parse("probe.yml", "config_file: " + file, ProbeConfig.class);

        assertThat(config.allModules()).hasSize(9);
        assertThat(config.allModules().get("icmp").isSupported()).isFalse();
        assertThat(config.allModules()
                        .get("ssh_banner_extract")
                        .tcp()
                        .queryResponse()
                        .get(0)
                        .labels())
                .hasSize(2);
    }

    @Test
    void aPageIsProbedWithItsPhases() throws Exception {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", "/there")
                    .build());
            server.enqueue(new MockResponse.Builder()
                    .body("all is well")
                    .setHeader("Last-Modified", "Sat, 21 Nov 2026 08:00:00 GMT")
                    .build());
            String page = run("""
                    prober: http
                    http: {preferred_ip_protocol: ip4, fail_if_body_not_matches_regexp: [well]}
                    """, server.url("/").toString());

            assertThat(page)
                    .contains("probe_success 1\n")
                    .contains("probe_http_redirects 1\n")
                    .contains("probe_http_status_code 200\n")
                    .contains("probe_http_content_length 11\n")
                    .contains("probe_http_uncompressed_body_length 11\n")
                    .contains("probe_http_ssl 0\n")
                    .contains("probe_http_version 1.1\n")
                    .contains("probe_failed_due_to_regex 0\n")
                    .contains("probe_ip_protocol 4\n")
                    .contains("probe_http_last_modified_timestamp_seconds 1795248000\n");
            for (String phase : List.of("resolve", "connect", "tls", "processing", "transfer")) {
                assertThat(page).contains("probe_http_duration_seconds{phase=\"" + phase + "\"}");
            }
        }
    }

    @Test
    void whatTheModuleForbidsFails() throws Exception {
        for (Map.Entry<String, String> module : Map.of(
                        "http: {fail_if_body_matches_regexp: [well]}", "probe_failed_due_to_regex 1\n",
                        "http: {fail_if_header_not_matches: [{header: X-Y, regexp: z}]}",
                                "probe_failed_due_to_regex 1\n",
                        "http: {valid_status_codes: [204]}", "probe_http_status_code 200\n",
                        "http: {fail_if_not_ssl: true}", "probe_http_ssl 0\n",
                        "http: {valid_http_versions: [HTTP/2.0]}", "probe_http_version 1.1\n",
                        "http: {body_size_limit: 5B}", "probe_http_content_length 11\n")
                .entrySet()) {
            try (MockWebServer server = new MockWebServer()) {
                server.start();
                server.enqueue(new MockResponse.Builder().body("all is well").build());
                String page =
                        run("prober: http\n" + module.getKey(), server.url("/").toString());
                assertThat(page)
                        .as(module.getKey())
                        .contains("probe_success 0\n")
                        .contains(module.getValue());
            }
        }
    }

    @Test
    void aCertificateIsShownWithItsEnd() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .commonName("probed")
                .addSubjectAlternativeName("localhost")
                .validityInterval(1_700_000_000_000L, 1_900_000_000_000L)
                .build();
        try (MockWebServer server = new MockWebServer()) {
            server.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(certificate)
                    .build()
                    .sslSocketFactory());
            server.start();
            server.enqueue(new MockResponse.Builder().build());
            server.enqueue(new MockResponse.Builder().build());
            String https = run("""
                    prober: http
                    http: {tls_config: {insecure_skip_verify: true}, enable_http2: false}
                    """, "https://localhost:" + server.getPort() + "/");
            String tcp = run("""
                    prober: tcp
                    tcp: {tls: true, tls_config: {insecure_skip_verify: true}}
                    """, "localhost:" + server.getPort());
            String untrusted = run("prober: http", "https://localhost:" + server.getPort() + "/");

            assertThat(https).contains("probe_success 1\n").contains("probe_http_ssl 1\n");
            assertThat(tcp).contains("probe_success 1\n");
            for (String page : List.of(https, tcp)) {
                assertThat(page)
                        .contains("probe_ssl_earliest_cert_expiry 1900000000\n")
                        .containsPattern("probe_tls_version_info\\{version=\"TLS 1.[23]\"} 1")
                        .contains("subject=\"CN=probed\",subjectalternative=\"localhost\"");
            }
            assertThat(untrusted)
                    .contains("probe_success 0\n")
                    .contains("probe_http_status_code 0\n")
                    .contains("probe_http_version 0\n")
                    .contains("probe_failed_due_to_regex 0\n");
        }
    }

    @Test
    void aTrustedCertificateMustHoldToday() throws Exception {
        HeldCertificate expired = new HeldCertificate.Builder()
                .commonName("localhost")
                .addSubjectAlternativeName("localhost")
                .validityInterval(0, 1_000_000_000_000L)
                .build();
        Path ca = Files.writeString(folder.resolve("ca.pem"), expired.certificatePem());
        try (MockWebServer server = new MockWebServer()) {
            server.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(expired)
                    .build()
                    .sslSocketFactory());
            server.start();
            String tls = "tls_config: {ca_file: \"" + ca + "\"}";
            assertThat(run("prober: http\nhttp: {" + tls + "}", "https://localhost:" + server.getPort() + "/"))
                    .contains("probe_success 0\n");
            assertThat(run("prober: tcp\ntcp: {tls: true, " + tls + "}", "localhost:" + server.getPort()))
                    .contains("probe_success 0\n");
        }
    }

    @Test
    void aConversationIsHeldAndWhatWasHeardIsShown() throws Exception {
        FakeServer.Manner ssh = client -> {
            client.getOutputStream()
                    .write("hello\r\nSSH-2.0-OpenSSH_9.2 Debian\r\n".getBytes(StandardCharsets.US_ASCII));
            String said = new String(client.getInputStream().readNBytes(8), StandardCharsets.US_ASCII);
            client.getOutputStream().write(("you said " + said + "\n").getBytes(StandardCharsets.US_ASCII));
            FakeServer.HANGS.serve(client);
        };
        try (FakeServer server = new FakeServer(ssh)) {
            String page = run("""
                    prober: tcp
                    tcp:
                      query_response:
                        - expect: "^SSH-2.0-([^ -]+)(?: (.*))?$"
                          labels: [{name: ssh_version, value: "${1}"}, {name: ssh_comments, value: "${2}"}]
                          send: "${2}!!"
                        - expect: "you said Debian!!"
                    """, server.address());
            assertThat(page)
                    .contains("probe_success 1\n")
                    .contains("probe_failed_due_to_regex 0\n")
                    .contains("probe_expect_info{ssh_comments=\"Debian\",ssh_version=\"OpenSSH_9.2\"} 1\n");
        }
        try (FakeServer server = new FakeServer(FakeServer.says("220 no\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(run("prober: tcp\ntcp: {query_response: [{expect: '^SSH'}]}", server.address()))
                    .contains("probe_success 0\n")
                    .contains("probe_failed_due_to_regex 1\n");
        }
    }

    @Test
    void tlsBeginsInTheMiddleOfAConversation() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .commonName("mail")
                .validityInterval(0, 1_900_000_000_000L)
                .build();
        SSLSocketFactory factory = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory();
        FakeServer.Manner mail = client -> {
            say(client, "220 mail\r\n");
            expect(client, "EHLO prober\r\n");
            say(client, "250-mail\r\n250-STARTTLS\r\n250 HELP\r\n");
            expect(client, "STARTTLS\r\n");
            say(client, "220 go\r\n");
            SSLSocket secure = (SSLSocket) factory.createSocket(client, "mail", client.getPort(), false);
            secure.setUseClientMode(false);
            expect(secure, "EHLO again\r\n");
            say(secure, "250 secure\r\n");
            FakeServer.HANGS.serve(secure);
        };
        try (FakeServer server = new FakeServer(mail)) {
            assertThat(run("""
                    prober: tcp
                    timeout: 5s
                    tcp:
                      tls_config: {insecure_skip_verify: true}
                      query_response:
                        - {expect: "^220 "}
                        - {send: "EHLO prober\\r"}
                        - {expect: "^250-STARTTLS"}
                        - {expect: "^250 "}
                        - {send: "STARTTLS\\r"}
                        - {expect: "^220 "}
                        - {starttls: true}
                        - {send: "EHLO again\\r"}
                        - {expect: "^250 secure"}
                    """, server.address()))
                    .contains("probe_success 1\n", "probe_ssl_earliest_cert_expiry 1900000000\n");
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void expect(Socket socket, String text) throws IOException {
        String said = new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
        if (!said.equals(text)) {
            throw new IOException(said);
        }
    }

    @Test
    void serversThatHangDripOrFloodAreGivenUpInTime() throws Exception {
        for (FakeServer.Manner manner : List.of(
                FakeServer.HANGS,
                FakeServer.drips("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII)),
                FakeServer.floods(new byte[65536]))) {
            try (FakeServer server = new FakeServer(manner)) {
                for (String module : List.of(
                        "prober: http\ntimeout: 500ms",
                        "prober: tcp\ntimeout: 500ms\ntcp: {query_response: [{expect: x}]}",
                        "prober: tcp\ntimeout: 500ms\ntcp: {tls: true}")) {
                    String page = run(module, server.address());
                    assertThat(page).as(module).contains("probe_success 0\n");
                    double seconds =
                            Double.parseDouble(page.replaceAll("(?s).*\nprobe_duration_seconds (\\S+)\n.*", "$1"));
                    assertThat(seconds).isLessThan(8);
                }
            }
        }
    }

    @Test
    void aRedirectLeadsNowhereThatIsNotAllowed() throws Exception {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder()
                    .code(302)
                    .setHeader("Location", "http://127.0.0.1:" + server.getPort() + "/secret")
                    .build());
            TargetGuard guard = new TargetGuard(List.of("localhost:*"));
            ProbeRunner.Outcome outcome = new ProbeRunner(module("prober: http"))
                    .run("http://localhost:" + server.getPort() + "/", Deadline.after(PATIENCE), guard::allows);
            assertThat(outcome.success()).isFalse();
            assertThat(outcome.reason()).contains("may not be probed");
            assertThat(server.getRequestCount()).isEqualTo(1);
        }
    }

    @Test
    void targetsAreProbedRegularlyAndShownWithTheirNames() throws Exception {
        ManualClock clock = ManualClock.atEpoch();
        ManualScheduler scheduler = new ManualScheduler(clock);
        CollectorRegistry registry = new CollectorRegistry();
        try (FakeServer server = new FakeServer(FakeServer.HANGS)) {
            ProbeConfig config = ConfigReader.parse("probe.yml", """
                    targets: [{target: "%s", name: door, module: tcp_connect, interval: 10s}]
                    """.formatted(server.address()), ProbeConfig.class);
            ProbePart part = new ProbePart(config, Map.of(), scheduler, registry);
            assertThat(page(part)).isEmpty();
            part.start();
            scheduler.advance(Duration.ofSeconds(1));
            assertThat(page(part)).contains("probe_success{instance=\"door\",module=\"tcp_connect\"} 1\n");
            part.close();
        }
        assertThat(registry.getSampleValue(
                        "emberwatch_exporter_probes_total",
                        new String[] {"module", "outcome"},
                        new String[] {"tcp_connect", "success"}))
                .isEqualTo(1);
    }

    private static String page(ProbePart part) throws IOException {
        return text(part.sources().get(0).samples().collect(Deadline.after(PATIENCE)));
    }

    @Test
    void aTargetNeedsAModuleThatCanBeUsed() {
        assertThatThrownBy(() -> new ProbePart(
                        ConfigReader.parse(
                                "probe.yml",
                                "{modules: {ping: {prober: icmp}}, targets: [{target: x, module: ping}]}",
                                ProbeConfig.class),
                        Map.of(),
                        new ManualScheduler(ManualClock.atEpoch()),
                        new CollectorRegistry()))
                .hasMessageContaining("there is no module ping");
    }

    @Test
    void theGuardLetsThroughWhatIsAllowedAndNothingElse() {
        TargetGuard guard = new TargetGuard(List.of("*.example.org:443", "10.1.*:*", "db:5432"));
        assertThat(List.of("https://a.example.org/x", "http://10.1.2.3/", "10.1.2.3:99", "db:5432"))
                .allMatch(guard::allows);
        assertThat(List.of(
                        "http://a.example.org/",
                        "https://example.org.evil/",
                        "http://10.1.2.3@127.0.0.1/",
                        "http://127.0.0.1/?10.1.2.3",
                        "127.0.0.1:22",
                        "https://a.example.org@127.0.0.1:443/",
                        "db:54321"))
                .noneMatch(guard::allows);
        assertThat(new TargetGuard(List.of()).allows("anything:1")).isTrue();
    }
}
