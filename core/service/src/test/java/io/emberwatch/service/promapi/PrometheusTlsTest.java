package io.emberwatch.service.promapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.service.config.ConfigReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrometheusTlsTest {
    private static final HeldCertificate AUTHORITY = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("authority")
            .build();
    private static final HeldCertificate SERVER = new HeldCertificate.Builder()
            .signedBy(AUTHORITY)
            .addSubjectAlternativeName("127.0.0.1")
            .addSubjectAlternativeName("localhost")
            .build();
    private static final HeldCertificate CLIENT = new HeldCertificate.Builder()
            .signedBy(AUTHORITY)
            .commonName("scorer")
            .build();

    @TempDir
    private Path folder;

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        HandshakeCertificates certificates = new HandshakeCertificates.Builder()
                .heldCertificate(SERVER)
                .addTrustedCertificate(AUTHORITY.certificate())
                .build();
        server.useHttps(certificates.sslSocketFactory());
        server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}")
                .build());
        Files.writeString(folder.resolve("ca.pem"), AUTHORITY.certificatePem());
        Files.writeString(folder.resolve("cert.pem"), CLIENT.certificatePem());
        Files.writeString(folder.resolve("key.pem"), CLIENT.privateKeyPkcs8Pem());
        Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private PrometheusClient client(@Nullable PrometheusTls tls) {
        return new PrometheusClient(
                new PrometheusClientConfig(server.url("/").uri(), null, null, null, Duration.ofSeconds(10), tls));
    }

    private PrometheusTls tls(@Nullable String authority, @Nullable String certificate, @Nullable String key) {
        return new PrometheusTls(file(authority), file(certificate), file(key));
    }

    private @Nullable Path file(@Nullable String name) {
        return name == null ? null : folder.resolve(name);
    }

    @Test
    void trustsTheAuthorityItIsGiven() throws Exception {
        server.start();

        assertThat(client(tls("ca.pem", null, null))
                        .instant("up", Instant.EPOCH)
                        .warnings())
                .isEmpty();
    }

    @Test
    void withoutItTheServerIsAStranger() throws Exception {
        server.start();

        assertThatThrownBy(() -> client(null).instant("up", Instant.EPOCH)).isInstanceOf(QueryException.class);
    }

    @Test
    void saysWhoItIsWhereThatIsAsked() throws Exception {
        server.requireClientAuth();
        server.start();

        client(tls("ca.pem", "cert.pem", "key.pem")).instant("up", Instant.EPOCH);

        assertThat(server.takeRequest().getHandshake().peerCertificates().toString())
                .contains("scorer");
        assertThatThrownBy(() -> client(tls("ca.pem", null, null)).instant("up", Instant.EPOCH))
                .isInstanceOf(QueryException.class);
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() throws Exception {
        server.start();

        assertThatThrownBy(() -> client(tls("missing.pem", null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tls.ca_file: ")
                .hasMessageContaining("missing.pem");
        assertThatThrownBy(() -> client(tls("nonsense.pem", null, null))).hasMessageContaining("no certificate in PEM");
        assertThatThrownBy(() -> client(tls("ca.pem", "nonsense.pem", "key.pem")))
                .hasMessageContaining("cannot be used together");
    }

    @Test
    void isConfiguredBesideTheAddress() throws Exception {
        PrometheusClientConfig config = ConfigReader.parse("p.yml", """
                url: https://prometheus.example:9090
                tls: {ca_file: /etc/ca.pem, cert_file: /etc/cert.pem, key_file: /etc/key.pem}
                """, PrometheusClientConfig.class);

        assertThat(config.tls())
                .isEqualTo(
                        new PrometheusTls(Path.of("/etc/ca.pem"), Path.of("/etc/cert.pem"), Path.of("/etc/key.pem")));
        assertThat(PrometheusClientConfig.of(URI.create("http://127.0.0.1:1")).tls())
                .isNull();
    }

    @Test
    void halfAnIdentityAndTlsWithoutHttpsAreRefused() {
        assertThatThrownBy(() -> tls(null, "cert.pem", null)).hasMessageContaining("belong together");
        assertThatThrownBy(() -> ConfigReader.parse(
                        "p.yml", "{url: 'http://x', tls: {ca_file: /etc/ca.pem}}", PrometheusClientConfig.class))
                .hasMessageContaining("only https:// has it");
    }
}
