package io.emberwatch.rules.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsScrapeTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private static Path folder;

    private static KeyStore keys;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpsServer server;
    private volatile boolean clientCertificate;

    @BeforeAll
    static void makeKeys() throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        Files.writeString(
                folder.resolve("cert.pem"),
                pem("CERTIFICATE", keys.getCertificate("own").getEncoded()));
        Files.writeString(
                folder.resolve("key.pem"),
                pem("PRIVATE KEY", keys.getKey("own", PASSWORD).getEncoded()));
    }

    @BeforeEach
    void begin() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(configurator());
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                FakeTarget.respond(exchange, 200, "text/plain", "a 1\n");
            }
        });
        server.start();
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + kind
                + "-----\n";
    }

    private HttpsConfigurator configurator() throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore clients = KeyStore.getInstance("PKCS12");
        clients.load(null, null);
        clients.setCertificateEntry("client", keys.getCertificate("own"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(clients);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(clientCertificate);
                parameters.setSSLParameters(ssl);
            }
        };
    }

    @AfterEach
    void end() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String yaml(String tls) {
        return """
            scrape_configs:
              - job_name: tls
                scheme: https
                scrape_interval: 15s
                static_configs:
                  - targets: ["127.0.0.1:%d"]
                tls_config: {%s}
            """.formatted(server.getAddress().getPort(), tls.replace("FOLDER", folder.toString()));
    }

    private void assertUp(String tls, String up) throws Exception {
        try (ScrapeBench bench = new ScrapeBench(yaml(tls))) {
            bench.scrape();
            assertThat(bench.newest()).as("%s: %s", tls, bench.lastError()).contains(entry("up", up));
        }
    }

    @Test
    void certificatesAreCheckedAsConfigured() throws Exception {
        assertUp("", "0.0");
        assertUp("ca_file: FOLDER/cert.pem", "1.0");
        assertUp("insecure_skip_verify: true", "1.0");
    }

    @Test
    void theScraperShowsItsOwnCertificate() throws Exception {
        clientCertificate = true;
        assertUp("ca_file: FOLDER/cert.pem", "0.0");
        assertUp("ca_file: FOLDER/cert.pem, cert_file: FOLDER/cert.pem, key_file: FOLDER/key.pem", "1.0");
    }

    @Test
    void changedCertificatesAreTakenUpWithoutAReload() throws Exception {
        Path ca = folder.resolve("ca.pem");
        String own = Files.readString(folder.resolve("cert.pem"));
        Files.writeString(ca, own);
        try (ScrapeBench bench = new ScrapeBench(yaml("ca_file: FOLDER/ca.pem"))) {
            bench.scrape();
            assertThat(bench.newest()).contains(entry("up", "1.0"));
            Files.writeString(ca, "nonsense");
            bench.scrape();
            assertThat(bench.lastError()).contains("tls_config cannot be used");
            Files.writeString(ca, own + own);
            bench.scrape();
            assertThat(bench.newest()).contains(entry("up", "1.0"));
        }
    }

    @Test
    void certificatesThatCannotBeUsedAreToldAtTheStart() throws IOException {
        Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
        assertThatThrownBy(() -> new ScrapeBench(yaml("ca_file: FOLDER/nonsense.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("job \"tls\": tls_config cannot be used");
    }
}
