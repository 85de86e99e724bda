package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code --web-config}: the port is guarded, and the rule engine of {@code up} still reads what it watches. */
final class GuardedPortTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "U*U";
    private static final String HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private static final HeldCertificate CERTIFICATE = new HeldCertificate.Builder()
            .commonName("emberwatch")
            .addSubjectAlternativeName("127.0.0.1")
            .build();
    private static final OkHttpClient CLIENT = client();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private static OkHttpClient client() {
        HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(CERTIFICATE.certificate())
                .build();
        return new OkHttpClient.Builder()
                .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
                .build();
    }

    private Path guarded() throws IOException {
        Files.writeString(folder.resolve("cert.pem"), CERTIFICATE.certificatePem());
        Files.writeString(folder.resolve("key.pem"), CERTIFICATE.privateKeyPkcs8Pem());
        return Files.writeString(folder.resolve("web.config.yml"), """
                tls_server_config: {cert_file: cert.pem, key_file: key.pem}
                basic_auth_users: {alice: "%s"}
                http_server_config: {headers: {X-Frame-Options: deny}}
                """.formatted(HASH));
    }

    @Test
    void everythingWantsTlsAndAUserAndTheRuleEngineReadsAtAPortOfItsOwn() throws Exception {
        int port = Peers.freePort();
        String base = "https://127.0.0.1:" + port;
        try (ServerProcess up = Program.start(
                "up",
                folder,
                "up",
                "--listen=127.0.0.1:" + port,
                "--web-config=" + guarded(),
                "--data=" + folder.resolve("data"))) {
            Peers.await(
                    "up answers",
                    PATIENCE,
                    () -> get(base + "/-/healthy", PASSWORD).code() == 200);
            Peers.await("it says where it is", PATIENCE, () -> up.output().contains("Emberwatch is up: " + base + "/"));
            for (String path : new String[] {"/", "/metrics", "/-/healthy", "/api/v1/targets"}) {
                assertThat(get(base + path, null).code()).as(path).isEqualTo(401);
                assertThat(get(base + path, "wrong").code()).as(path).isEqualTo(401);
            }
            assertThat(get(base + "/metrics", PASSWORD).header("X-Frame-Options"))
                    .isEqualTo("deny");
            assertThatThrownBy(() -> Http.get("http://127.0.0.1:" + port + "/metrics"))
                    .isInstanceOf(IOException.class);
            Peers.await(
                    "the sensor is stored",
                    PATIENCE,
                    () -> value(base, "up{job=\"sensor\"}") == 1
                            && value(base, "sensor_ticks_total{instance=\"127.0.0.1:" + port + "\"}") > 0);

            String targets = body(get(base + "/api/v1/targets", PASSWORD));
            Matcher inner =
                    Pattern.compile("http://127\\.0\\.0\\.1:\\d+/metrics").matcher(targets);
            assertThat(inner.find()).as(targets).isTrue();
            assertThat(inner.group()).doesNotContain(":" + port + "/");
            assertThat(Http.get(inner.group()).statusCode()).isEqualTo(401);
            assertThat(Http.get(inner.group(), "Authorization", "Bearer guess").statusCode())
                    .isEqualTo(401);
            assertThat(Http.get(inner.group().replace("/metrics", "/")).statusCode())
                    .isEqualTo(404);
            assertThat(targets + body(get(base + "/api/v1/status/config", PASSWORD)))
                    .doesNotContainPattern("[0-9a-f]{32}");
        }
    }

    @Test
    void aPortThatTheSystemChoosesIsReadToo() throws Exception {
        try (ServerProcess up =
                Program.start("up", folder, "up", "--listen=127.0.0.1:0", "--data=" + folder.resolve("data"))) {
            Peers.await("it says where it is", PATIENCE, () -> up.output().contains("Ctrl-C"));
            Matcher where = Pattern.compile("Emberwatch is up: (http://127\\.0\\.0\\.1:[1-9]\\d*)/")
                    .matcher(up.output());
            assertThat(where.find()).as(up.output()).isTrue();
            Peers.await("the sensor is stored", PATIENCE, () -> Http.value(where.group(1), "up{job=\"sensor\"}") == 1);
        }
    }

    @Test
    void anExporterAloneIsGuardedToo() throws Exception {
        int port = Peers.freePort();
        String base = "https://127.0.0.1:" + port;
        try (ServerProcess exporter = Program.start(
                "exporter", folder, "exporter", "--listen=127.0.0.1:" + port, "--web-config=" + guarded())) {
            Peers.await(
                    "it answers",
                    PATIENCE,
                    () -> get(base + "/metrics", PASSWORD).code() == 200);
            assertThat(get(base + "/metrics", null).code()).as(exporter.tail()).isEqualTo(401);
        }
    }

    @Test
    void faultsOfAWebConfigurationAreNamedWithTheirPlace() throws Exception {
        Path faulty = Files.writeString(
                folder.resolve("faulty.yml"), "basic_auth_users: {alice: secret}\ntls_servr_config: {}\n");
        Program.Finished finished = Program.run(folder, "exporter", "--web-config=" + faulty);
        assertThat(finished.exitCode()).as(finished.output()).isEqualTo(2);
        assertThat(finished.output())
                .contains(faulty + ":1:", "expected a bcrypt hash")
                .contains(faulty + ":2:1: tls_servr_config: unknown key; did you mean tls_server_config?")
                .doesNotContain("secret");

        Program.Finished missing = Program.run(folder, "bridge", "--web-config=" + folder.resolve("nothing.yml"));
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.output()).contains("nothing.yml: there is no such file");

        Path config = guarded();
        Files.delete(folder.resolve("key.pem"));
        Program.Finished keyless = Program.run(
                folder, "up", "--listen=127.0.0.1:0", "--web-config=" + config, "--data=" + folder.resolve("data"));
        assertThat(keyless.exitCode()).as(keyless.output()).isEqualTo(1);
        assertThat(keyless.output())
                .contains("tls_server_config.key_file: " + folder.resolve("key.pem") + ": no such file");
    }

    private static Response get(String url, @Nullable String password) throws IOException {
        Request.Builder request = new Request.Builder().url(url);
        if (password != null) {
            request.header("Authorization", Credentials.basic("alice", password));
        }
        Response response = CLIENT.newCall(request.build()).execute();
        // Small pages: read at once, so that nothing is left open.
        return response.newBuilder()
                .body(okhttp3.ResponseBody.create(
                        response.body().bytes(), response.body().contentType()))
                .build();
    }

    private static String body(Response response) throws IOException {
        return response.body().string();
    }

    private static double value(String base, String expression) throws IOException {
        HttpUrl url = HttpUrl.get(base + "/api/v1/query")
                .newBuilder()
                .addQueryParameter("query", expression)
                .build();
        JsonNode result =
                JSON.readTree(body(get(url.toString(), PASSWORD))).path("data").path("result");
        return result.isEmpty()
                ? Double.NaN
                : result.get(0).path("value").get(1).asDouble();
    }
}
