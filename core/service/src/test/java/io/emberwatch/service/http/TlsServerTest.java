package io.emberwatch.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.WebConfig.HttpServerConfig;
import io.emberwatch.service.http.WebConfig.TlsServerConfig;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsServerTest {
    private static final ListenAddress LOOPBACK = new ListenAddress("127.0.0.1", 0);
    private static final HeldCertificate AUTHORITY = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("authority")
            .build();
    private static final HeldCertificate STRANGER = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("stranger")
            .build();

    @TempDir
    private Path folder;

    private static HeldCertificate.Builder server(String name) {
        return new HeldCertificate.Builder()
                .commonName(name)
                .addSubjectAlternativeName("127.0.0.1")
                .signedBy(AUTHORITY);
    }

    private static HeldCertificate client(HeldCertificate authority) {
        return new HeldCertificate.Builder()
                .commonName("client")
                .signedBy(authority)
                .build();
    }

    private static OkHttpClient trusting(HeldCertificate... own) {
        HandshakeCertificates.Builder certificates =
                new HandshakeCertificates.Builder().addTrustedCertificate(AUTHORITY.certificate());
        for (HeldCertificate certificate : own) {
            certificates.heldCertificate(certificate);
        }
        HandshakeCertificates built = certificates.build();
        SSLContext context;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new Insistent(built.keyManager())},
                    new TrustManager[] {built.trustManager()},
                    null);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return HttpClients.withTimeout(Duration.ofSeconds(10))
                .newBuilder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
                .sslSocketFactory(context.getSocketFactory(), built.trustManager())
                .build();
    }

    /** Shows its certificate even to servers that do not name its authority. */
    private static final class Insistent extends X509ExtendedKeyManager {
        private final X509KeyManager keys;

        Insistent(X509KeyManager keys) {
            this.keys = keys;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(keyTypes, null, socket);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.getClientAliases(keyType, null);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.getServerAliases(keyType, issuers);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }

    private void write(HeldCertificate certificate) throws IOException {
        Files.writeString(folder.resolve("server.crt"), certificate.certificatePem());
        Files.writeString(folder.resolve("server.key"), certificate.privateKeyPkcs8Pem());
    }

    @BeforeEach
    void writeCertificates() throws IOException {
        write(server("first").build());
        Files.writeString(folder.resolve("ca.crt"), AUTHORITY.certificatePem());
    }

    private TlsServerConfig tls(ClientAuthType type, TlsVersion least, List<String> suites) {
        return new TlsServerConfig(
                null,
                folder.resolve("server.crt"),
                null,
                folder.resolve("server.key"),
                null,
                type.isVerified() ? folder.resolve("ca.crt") : null,
                List.of(),
                type,
                least,
                TlsVersion.TLS13,
                suites,
                List.of(),
                true);
    }

    private HttpServer start(TlsServerConfig tls) throws IOException {
        return start(new WebConfig(tls, HttpServerConfig.PLAIN, Map.of()));
    }

    private static HttpServer start(WebConfig web) throws IOException {
        return HttpServer.start(
                LOOPBACK,
                List.of(
                        Route.get("/", exchange -> exchange.respondText(200, "hello")),
                        Route.post("/", exchange -> exchange.respond(200, "text/plain", exchange.body(1000)))),
                web);
    }

    private static Response get(OkHttpClient client, HttpServer server) throws IOException {
        return client.newCall(new Request.Builder()
                        .url("https://127.0.0.1:" + server.port() + "/")
                        .build())
                .execute();
    }

    private static String subject(OkHttpClient client, HttpServer server) throws IOException {
        try (Response response = get(client, server)) {
            assertThat(response.code()).isEqualTo(200);
            return ((X509Certificate) response.handshake().peerCertificates().get(0))
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa", "rsa"})
    void pageIsServedOverTls(String algorithm) throws IOException {
        HeldCertificate.Builder certificate = server("page");
        write((algorithm.equals("rsa") ? certificate.rsa2048() : certificate.ecdsa256()).build());
        try (HttpServer server = start(tls(ClientAuthType.NO_CLIENT_CERT, TlsVersion.TLS12, List.of()));
                Response response = get(trusting(), server)) {
            assertThat(response.body().string()).isEqualTo("hello");
            assertThat(response.handshake().tlsVersion().javaName()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void versionsAndSuitesAreThoseConfigured() throws IOException {
        OkHttpClient old = trusting()
                .newBuilder()
                .connectionSpecs(List.of(new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
                        .tlsVersions(okhttp3.TlsVersion.TLS_1_2)
                        .build()))
                .build();
        String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        try (HttpServer server = start(tls(ClientAuthType.NO_CLIENT_CERT, TlsVersion.TLS12, List.of(suite)));
                Response response = get(old, server)) {
            assertThat(response.handshake().tlsVersion().javaName()).isEqualTo("TLSv1.2");
            assertThat(response.handshake().cipherSuite().javaName()).isEqualTo(suite);
        }
        try (HttpServer server = start(tls(ClientAuthType.NO_CLIENT_CERT, TlsVersion.TLS13, List.of()))) {
            assertThatThrownBy(() -> get(old, server)).isInstanceOf(IOException.class);
            assertThat(subject(trusting(), server)).isEqualTo("CN=first");
        }
    }

    // Whether a client is served without a certificate, with one of ours, with a stranger's.
    @ParameterizedTest
    @CsvSource({
        "NO_CLIENT_CERT, true, true, true",
        "REQUEST_CLIENT_CERT, true, true, true",
        "REQUIRE_ANY_CLIENT_CERT, false, true, true",
        "VERIFY_CLIENT_CERT_IF_GIVEN, true, true, false",
        "REQUIRE_AND_VERIFY_CLIENT_CERT, false, true, false",
    })
    void clientCertificatesAreAskedForAsConfigured(ClientAuthType type, boolean none, boolean ours, boolean stranger)
            throws IOException {
        try (HttpServer server = start(tls(type, TlsVersion.TLS12, List.of()))) {
            assertThat(isServed(trusting(), server)).isEqualTo(none);
            assertThat(isServed(trusting(client(AUTHORITY)), server)).isEqualTo(ours);
            assertThat(isServed(trusting(client(STRANGER)), server)).isEqualTo(stranger);
        }
    }

    @Test
    void ofTheVerifiedClientsThoseAreAdmittedWhoseNameIsAllowed() throws Exception {
        Path file = Files.writeString(folder.resolve("web.config.yml"), """
                tls_server_config:
                  cert_file: server.crt
                  key_file: server.key
                  client_ca_file: ca.crt
                  client_auth_type: RequireAndVerifyClientCert
                  client_allowed_sans: [scraper.example, 10.0.0.7]
                  curve_preferences: [CurveP256, X25519]
                """);
        try (HttpServer server = HttpServer.start(
                LOOPBACK,
                List.of(Route.get("/", exchange -> exchange.respondText(200, "x"))),
                WebConfigFile.read(file))) {
            assertThat(isServed(trusting(client(AUTHORITY)), server)).isFalse();
            assertThat(isServed(trusting(named("other.example")), server)).isFalse();
            assertThat(isServed(trusting(named("scraper.example")), server)).isTrue();
            assertThat(isServed(trusting(named("10.0.0.7")), server)).isTrue();
        }
    }

    private static HeldCertificate named(String name) {
        return new HeldCertificate.Builder()
                .commonName("client")
                .addSubjectAlternativeName(name)
                .signedBy(AUTHORITY)
                .build();
    }

    @Test
    void certificatesMayStandInTheConfigurationItself() throws Exception {
        HeldCertificate inline = server("inline").build();
        Path file = Files.writeString(
                folder.resolve("web.config.yml"),
                "tls_server_config:\n  cert: |\n" + inline.certificatePem().indent(4) + "  key: |\n"
                        + inline.privateKeyPkcs8Pem().indent(4));
        WebConfigFile web = WebConfigFile.read(file);
        assertThat(web.current().toString()).doesNotContain("PRIVATE KEY");
        try (HttpServer server =
                HttpServer.start(LOOPBACK, List.of(Route.get("/", exchange -> exchange.respondText(200, "x"))), web)) {
            assertThat(subject(trusting(), server)).isEqualTo("CN=inline");
        }
    }

    private static boolean isServed(OkHttpClient client, HttpServer server) {
        try (Response response = get(client, server)) {
            return response.code() == 200;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void changedCertificatesAreUsedFromTheNextConnectionOn() throws IOException {
        try (HttpServer server = start(tls(ClientAuthType.NO_CLIENT_CERT, TlsVersion.TLS12, List.of()))) {
            assertThat(subject(trusting(), server)).isEqualTo("CN=first");

            write(server("the second one").build());

            assertThat(subject(trusting(), server)).isEqualTo("CN=the second one");
        }
    }

    @Test
    void unusableChangeKeepsTheOldCertificates() throws IOException {
        try (HttpServer server = start(tls(ClientAuthType.NO_CLIENT_CERT, TlsVersion.TLS12, List.of()))) {
            HeldCertificate second = server("the second one").build();
            Files.writeString(folder.resolve("server.crt"), second.certificatePem());
            assertThat(subject(trusting(), server)).isEqualTo("CN=first");
            Files.delete(folder.resolve("server.key"));
            assertThat(subject(trusting(), server)).isEqualTo("CN=first");

            Files.writeString(folder.resolve("server.key"), second.privateKeyPkcs8Pem());

            assertThat(subject(trusting(), server)).isEqualTo("CN=the second one");
        }
    }

    @Test
    void plainHttpOnTheTlsPortGetsNoAnswerAndHarmsNobody() throws IOException {
        try (HttpServer server = start(tls(ClientAuthType.NO_CLIENT_CERT, TlsVersion.TLS12, List.of()))) {
            try (RawClient raw = new RawClient(server.port())) {
                raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThatThrownBy(raw::head).isInstanceOf(IOException.class);
            }
            assertThat(subject(trusting(), server)).isEqualTo("CN=first");
        }
    }

    @ParameterizedTest
    @EnumSource(Unusable.class)
    void unusableFilesStopTheStart(Unusable unusable) throws IOException {
        unusable.spoil(folder);

        assertThatThrownBy(() -> start(tls(ClientAuthType.REQUIRE_AND_VERIFY_CLIENT_CERT, TlsVersion.TLS12, List.of())))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("tls_server_config\\." + unusable.fault);
    }

    enum Unusable {
        NO_CERTIFICATE("server.crt", null, "cert_file: .*server.crt: no such file"),
        NO_KEY("server.key", null, "key_file: .*server.key: no such file"),
        NO_AUTHORITY("ca.crt", null, "client_ca_file: .*ca.crt: no such file"),
        GARBAGE_CERTIFICATE("server.crt", "garbage", "cert_file: .*server.crt: no certificate in PEM .*"),
        GARBAGE_KEY("server.key", "garbage", "key_file: .*server.key: no private key in PEM .*"),
        GARBAGE_AUTHORITY("ca.crt", "", "client_ca_file: .*ca.crt: no certificate in PEM .*"),
        OTHER_KEY(
                "server.key",
                STRANGER.privateKeyPkcs8Pem(),
                "key_file: .*server.key: the key does not belong to .*server.crt"),
        KEY_OF_OTHER_KIND(
                "server.key",
                new HeldCertificate.Builder().rsa2048().build().privateKeyPkcs8Pem(),
                "key_file: .*server.key: the key does not belong to .*server.crt");

        private final String file;
        private final String content;
        private final String fault;

        Unusable(String file, String content, String fault) {
            this.file = file;
            this.content = content;
            this.fault = fault;
        }

        void spoil(Path folder) throws IOException {
            if (content == null) {
                Files.delete(folder.resolve(file));
            } else {
                Files.writeString(folder.resolve(file), content);
            }
        }
    }

    @Test
    void unknownSuiteStopsTheStart() {
        assertThatThrownBy(() -> start(tls(ClientAuthType.NO_CLIENT_CERT, TlsVersion.TLS12, List.of("TLS_NONE"))))
                .hasMessage("tls_server_config.cipher_suites: TLS_NONE: not known to this Java");
    }

    @Test
    void usersAndHeadersGoWithPlainHttpToo() throws IOException {
        WebConfig web = new WebConfig(
                null,
                new HttpServerConfig(true, Map.of("X-Frame-Options", "deny")),
                Map.of("alice", new Secret("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")));
        try (HttpServer server = start(web)) {
            Request request = new Request.Builder()
                    .url("http://127.0.0.1:" + server.port() + "/")
                    .build();
            OkHttpClient client = HttpClients.withTimeout(Duration.ofSeconds(10));
            try (Response response = client.newCall(request).execute()) {
                assertThat(response.code()).isEqualTo(401);
                assertThat(response.header("WWW-Authenticate")).isEqualTo("Basic");
                assertThat(response.header("X-Frame-Options")).isEqualTo("deny");
            }
            Request authorized = request.newBuilder()
                    .header("Authorization", Credentials.basic("alice", "U*U", UTF_8))
                    .build();
            try (Response response = client.newCall(authorized).execute()) {
                assertThat(response.code()).isEqualTo(200);
                assertThat(response.header("X-Frame-Options")).isEqualTo("deny");
            }
        }
    }
}
