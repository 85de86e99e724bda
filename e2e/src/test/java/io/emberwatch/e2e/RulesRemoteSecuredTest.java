package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Rules over Debian's Prometheus behind TLS and a password. */
final class RulesRemoteSecuredTest {
    // Of the password U*U, from the test vectors of crypt_blowfish.
    private static final String HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private int prometheusPort;

    @Test
    void rulesAreEvaluatedByAPrometheusBehindTlsAndAPassword() throws Exception {
        prometheusPort = Peers.freePort();
        certificates();
        Files.writeString(folder.resolve("web.yml"), """
                tls_server_config: {cert_file: cert.pem, key_file: key.pem}
                basic_auth_users: {alice: "%s"}
                """.formatted(HASH));
        Files.writeString(folder.resolve("prometheus.yml"), "global: {}\n");
        Files.writeString(
                folder.resolve("rules.yml"),
                "groups: [{name: g, interval: 1s, rules: [{alert: Asked, expr: vector(41) + 1 > 0}]}]\n");
        try (ServerProcess prometheus = ServerProcess.start(
                "prometheus",
                folder,
                List.of(
                        Peers.program("/usr/bin/prometheus", "prometheus"),
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.config.file=" + folder.resolve("web.yml"),
                        "--web.listen-address=127.0.0.1:" + prometheusPort))) {
            try {
                assertThat(rule("trusted", "U*U", "ca.pem", "ok")
                                .path("alerts")
                                .get(0)
                                .path("value")
                                .asText())
                        .isEqualTo("4.2e+01");
                assertThat(rule("wrong", "U-U", "ca.pem", "err")
                                .path("lastError")
                                .asText())
                        .contains("answered 401: the user, password or token is not taken");
                assertThat(rule("stranger", "U*U", "other.pem", "err")
                                .path("lastError")
                                .asText())
                        .contains("cannot reach https://127.0.0.1:" + prometheusPort);
            } catch (Throwable failed) {
                throw new AssertionError(prometheus.tail(), failed);
            }
        }
    }

    private void certificates() throws IOException {
        HeldCertificate authority = authority();
        HeldCertificate server = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        Files.writeString(folder.resolve("ca.pem"), authority.certificatePem());
        Files.writeString(folder.resolve("other.pem"), authority().certificatePem());
        Files.writeString(folder.resolve("cert.pem"), server.certificatePem());
        Files.writeString(folder.resolve("key.pem"), server.privateKeyPkcs8Pem());
    }

    private static HeldCertificate authority() {
        return new HeldCertificate.Builder().certificateAuthority(0).build();
    }

    /** The rule as an engine shows it once its health is what is expected. */
    private JsonNode rule(String name, String password, String authority, String health) throws Exception {
        int port = Peers.freePort();
        Path config = folder.resolve(name + ".yml");
        Files.writeString(config, """
                rules:
                  rule_files: ["%s"]
                  remote:
                    url: https://127.0.0.1:%d
                    username: alice
                    password: "%s"
                    tls: {ca_file: "%s"}
                """.formatted(
                        folder.resolve("rules.yml"), prometheusPort, password, folder.resolve(authority)));
        try (ServerProcess engine = Program.start(
                name,
                folder,
                "rules",
                "run",
                "--config=" + config,
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve(name))) {
            JsonNode[] shown = new JsonNode[1];
            try {
                // A Prometheus that is still starting cannot be reached for a while.
                Peers.await("the rule is " + health, LIMIT, () -> {
                    shown[0] = Http.json("http://127.0.0.1:" + port + "/api/v1/rules")
                            .path("data")
                            .path("groups")
                            .path(0)
                            .path("rules")
                            .path(0);
                    return shown[0].path("health").asText().equals(health);
                });
            } catch (AssertionError failed) {
                throw new AssertionError(engine.tail(), failed);
            }
            return shown[0];
        }
    }
}
