package io.emberwatch.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.WebConfig.TlsServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebConfigTest {
    private static final String HASH = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

    @TempDir
    private Path folder;

    private WebConfig read(String yaml) throws IOException, ConfigException {
        return WebConfig.read(Files.writeString(folder.resolve("web.config.yml"), yaml));
    }

    @Test
    void emptyFileProtectsNothing() throws Exception {
        assertThat(read("")).isEqualTo(WebConfig.NONE);
    }

    @Test
    void fileOfExporterToolkitIsRead() throws Exception {
        WebConfig config = read("""
                tls_server_config:
                  cert_file: server.crt
                  key_file: /etc/server.key
                  client_ca_file: ca.crt
                  client_auth_type: RequireAndVerifyClientCert
                  min_version: TLS13
                  cipher_suites: [TLS_AES_128_GCM_SHA256]
                http_server_config:
                  http2: true
                  headers:
                    X-Frame-Options: deny
                basic_auth_users:
                  alice: %s
                """.formatted(HASH));

        TlsServerConfig tls = config.tlsServerConfig();
        assertThat(tls.certFile()).isEqualTo(folder.resolve("server.crt"));
        assertThat(tls.keyFile()).isEqualTo(Path.of("/etc/server.key"));
        assertThat(tls.clientCaFile()).isEqualTo(folder.resolve("ca.crt"));
        assertThat(tls.clientAuthType()).isEqualTo(ClientAuthType.REQUIRE_AND_VERIFY_CLIENT_CERT);
        assertThat(tls.minVersion()).isEqualTo(TlsVersion.TLS13);
        assertThat(tls.maxVersion()).isEqualTo(TlsVersion.TLS13);
        assertThat(tls.cipherSuites()).containsExactly("TLS_AES_128_GCM_SHA256");
        assertThat(tls.preferServerCipherSuites()).isTrue();
        assertThat(config.httpServerConfig().headers()).containsEntry("X-Frame-Options", "deny");
        assertThat(config.basicAuthUsers()).containsEntry("alice", new Secret(HASH));
        assertThat(config.toString()).doesNotContain(HASH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "basic_auth_users: {bob: hunter2} | :1:19: basic_auth_users: bob: expected a bcrypt hash of cost 4 to 16, as htpasswd -nBC 10 prints it",
                "http_server_config: {headers: {X-Evil: x}} | :1:31: http_server_config.headers: X-Evil: expected one of Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection",
                "tls_server_config: {cert_file: a} | :1:20: tls_server_config.key_file: give key_file or key, one of them",
                "tls_server_config: {cert_file: a, key_file: b, client_auth_type: Verify} | :1:66: tls_server_config.client_auth_type: Verify: expected one of NoClientCert, RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert",
                "tls_server_config: {cert_file: a, key_file: b, client_auth_type: RequireAndVerifyClientCert} | :1:66: tls_server_config.client_auth_type: a client_ca_file is needed to verify certificates",
                "tls_server_config: {cert_file: a, key_file: b, client_ca_file: c} | :1:64: tls_server_config.client_ca_file: is of no use without a client_auth_type that verifies",
                "tls_server_config: {cert_file: a, key_file: b, min_version: TLS11} | :1:61: tls_server_config.min_version: TLS11: expected TLS12 or TLS13",
                "tls_server_config: {cert_file: a, key_file: b, min_version: TLS13, max_version: TLS12} | :1:81: tls_server_config.max_version: must not be older than min_version",
            })
    void faultsAreReportedWithTheirPlace(String yaml, String fault) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigException.class).hasMessageEndingWith(fault);
    }
}
