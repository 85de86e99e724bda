package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Probes of a real nginx over HTTP and TLS, of plain sockets and of servers that hang, beside Debian's own prober. */
final class ProbeScenarioTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MODULES = """
            modules:
              http_2xx: {prober: http, http: {preferred_ip_protocol: ip4}}
              http_body: {prober: http, http: {preferred_ip_protocol: ip4, fail_if_body_matches_regexp: [hello]}}
              https: {prober: http, http: {preferred_ip_protocol: ip4, fail_if_not_ssl: true, tls_config: {ca_file: "%1$s"}}}
              https_any: {prober: http, http: {preferred_ip_protocol: ip4, tls_config: {insecure_skip_verify: true}}}
              tcp_connect: {prober: tcp, tcp: {preferred_ip_protocol: ip4}}
              tcp_tls: {prober: tcp, tcp: {preferred_ip_protocol: ip4, tls: true, tls_config: {ca_file: "%1$s"}}}
              tcp_http:
                prober: tcp
                tcp:
                  preferred_ip_protocol: ip4
                  query_response: [{send: "GET /nothing HTTP/1.0\\r\\n\\r"}, {expect: "^HTTP/1.1 404"}]
              icmp: {prober: icmp}
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private int https(StatusServers servers, String name, HeldCertificate certificate) throws Exception {
        Files.writeString(folder.resolve(name + ".crt"), certificate.certificatePem());
        Files.writeString(folder.resolve(name + ".key"), certificate.privateKeyPkcs8Pem());
        int port = Peers.freePort();
        servers.nginx(name, "", """
                server {
                  listen 127.0.0.1:%d ssl;
                  ssl_certificate %s;
                  ssl_certificate_key %s;
                  location / { return 200 "hello\\n"; }
                }
                """.formatted(port, folder.resolve(name + ".crt"), folder.resolve(name + ".key")));
        return port;
    }

    private static HeldCertificate.Builder certificate() {
        return new HeldCertificate.Builder().commonName("localhost").addSubjectAlternativeName("localhost");
    }

    @Test
    void probesSayWhatDebiansProberSays() throws Exception {
        Instant now = Instant.now();
        HeldCertificate good = certificate().build();
        HeldCertificate expired = certificate()
                .validityInterval(
                        now.minus(Duration.ofDays(9)).toEpochMilli(),
                        now.minus(Duration.ofDays(2)).toEpochMilli())
                .build();
        try (StatusServers servers = new StatusServers(folder);
                HangingServer hanging = HangingServer.start()) {
            int http = servers.nginx(
                    "http", "location /moved { return 302 /; } location = / { return 200 \"hello\\n\"; }", "");
            int https = https(servers, "good", good);
            int stale = https(servers, "stale", expired);
            Path ca = Files.writeString(folder.resolve("ca.pem"), good.certificatePem() + expired.certificatePem());
            Path modules = Files.writeString(folder.resolve("blackbox.yml"), MODULES.formatted(ca));
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    exporter:
                      host: {enabled: false}
                      probe:
                        config_file: %s
                        targets:
                          - {target: "http://127.0.0.1:%d/", name: shop, interval: 1s}
                          - {target: "127.0.0.1:1", name: nobody, module: tcp_connect, interval: 1s}
                        allow: ["127.0.0.1:*", "localhost:*"]
                    """.formatted(modules, http));
            int port = Peers.freePort();
            int peer = Peers.freePort();
            servers.peer(
                    "/usr/bin/prometheus-blackbox-exporter",
                    Map.of(),
                    chosen -> List.of("--config.file=" + modules, "--web.listen-address=127.0.0.1:" + peer),
                    peer);
            try (ServerProcess exporter = Program.start(
                    "exporter",
                    folder,
                    "--log-level=debug",
                    "exporter",
                    "--config=" + config,
                    "--listen=127.0.0.1:" + port)) {
                Peers.await("targets have been probed", PATIENCE, () -> {
                    String page = Http.get("http://127.0.0.1:" + port + "/metrics?collect%5B%5D=probe")
                            .body();
                    return page.contains("probe_success{instance=\"nobody\",module=\"tcp_connect\"} 0")
                            && page.contains("probe_success{instance=\"shop\",module=\"http_2xx\"} 1");
                });
                assertThat(Http.get("http://127.0.0.1:" + port + "/metrics").body())
                        .as(exporter.tail())
                        .contains("probe_success{instance=\"shop\",module=\"http_2xx\"} 1")
                        .contains("probe_http_status_code{instance=\"shop\",module=\"http_2xx\"} 200");
                List<String> asked = List.of(
                        "http_2xx&target=http://127.0.0.1:" + http + "/",
                        "http_2xx&target=http://127.0.0.1:" + http + "/moved",
                        "http_2xx&target=http://127.0.0.1:" + http + "/missing",
                        "http_body&target=http://127.0.0.1:" + http + "/",
                        "https&target=https://localhost:" + https + "/",
                        "https&target=http://127.0.0.1:" + http + "/",
                        "https&target=https://localhost:" + stale + "/",
                        "https_any&target=https://localhost:" + stale + "/",
                        "tcp_connect&target=127.0.0.1:" + http,
                        "tcp_connect&target=127.0.0.1:1",
                        "tcp_tls&target=localhost:" + https,
                        "tcp_tls&target=localhost:" + stale,
                        "tcp_http&target=127.0.0.1:" + http,
                        "tcp_http&target=" + hanging.url().substring("http://".length()),
                        "http_2xx&target=" + hanging.url());
                for (String probe : asked) {
                    String timeout = probe.endsWith(hanging.url().substring("http://".length())) ? "1.5" : "20";
                    String ours = probe(port, probe, timeout);
                    String theirs = probe(peer, probe, timeout);
                    assertThat(facts(ours))
                            .as("%s%n%s%n%s", probe, ours, exporter.tail())
                            .isEqualTo(facts(theirs));
                    assertThat(names(theirs)).as(probe).isSubsetOf(names(ours));
                }
                assertThat(probe(port, asked.get(7), "20"))
                        .contains("probe_success 1")
                        .contains("probe_ssl_earliest_cert_expiry "
                                + now.minus(Duration.ofDays(2)).getEpochSecond());
                assertThat(Http.get("http://127.0.0.1:" + port + "/probe?module=icmp&target=127.0.0.1")
                                .statusCode())
                        .isEqualTo(400);
                assertThat(Http.get("http://127.0.0.1:" + port + "/probe?target=http://127.0.0.2:" + http)
                                .statusCode())
                        .isEqualTo(403);
            }
        }
    }

    /** @param timeout seconds for the whole scrape: what hangs is given up in time */
    private static String probe(int port, String query, String timeout) throws IOException {
        return Http.get(
                        "http://127.0.0.1:" + port + "/probe?module=" + query,
                        "X-Prometheus-Scrape-Timeout-Seconds",
                        timeout)
                .body();
    }

    /** What both must find alike. */
    private static Set<String> facts(String page) {
        return page.lines()
                .filter(line ->
                        line.matches("probe_(success|http_status_code|http_redirects|http_ssl|http_content_length"
                                + "|http_uncompressed_body_length|http_version|failed_due_to_regex|ip_protocol"
                                + "|ssl_earliest_cert_expiry)[ {].*"))
                .map(line -> {
                    String[] words = line.split(" ", 2);
                    return words[0] + " " + Double.parseDouble(words[1]);
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String page) {
        return Pattern.compile("(?m)^# TYPE (\\S+ \\w+)$")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
