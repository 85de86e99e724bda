package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A bridge that wants certificates of its clients: a real Alertmanager has one, others have none or one of their own. */
final class BridgeMutualTlsTest {
    private static final HeldCertificate AUTHORITY = authority("the site's authority");
    private static final HeldCertificate SERVER = signed(AUTHORITY, "bridge");
    private static final HeldCertificate CLIENT = signed(AUTHORITY, "alertmanager");
    private static final HeldCertificate STRANGER = signed(authority("somebody else's authority"), "alertmanager");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private static HeldCertificate authority(String name) {
        return new HeldCertificate.Builder()
                .commonName(name)
                .certificateAuthority(0)
                .build();
    }

    private static HeldCertificate signed(HeldCertificate authority, String name) {
        return new HeldCertificate.Builder()
                .commonName(name)
                .addSubjectAlternativeName("127.0.0.1")
                .signedBy(authority)
                .build();
    }

    private void write(HeldCertificate certificate, String name) throws IOException {
        Files.writeString(folder.resolve(name + ".crt"), certificate.certificatePem());
        Files.writeString(folder.resolve(name + ".key"), certificate.privateKeyPkcs8Pem());
    }

    @Test
    void alertsComeInWithACertificateAndTheTokenAlone() throws Exception {
        int port = Peers.freePort();
        int alertmanagerPort = Peers.freePort();
        write(AUTHORITY, "authority");
        write(SERVER, "bridge");
        write(CLIENT, "alertmanager");
        Path web = Files.writeString(folder.resolve("web.config.yml"), """
                tls_server_config:
                  {cert_file: bridge.crt, key_file: bridge.key, client_ca_file: authority.crt,
                   client_auth_type: RequireAndVerifyClientCert}
                """);
        try (MattermostStub chat = MattermostStub.start()) {
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    bridge:
                      mattermost: [{name: chat, url: "%s"}]
                      auth: {bearer_token: from-alertmanager}
                    """.formatted(chat.url("alerts")));
            String routing = """
                    route: {receiver: bridge, group_by: [alertname], group_wait: 200ms, group_interval: 1s}
                    receivers:
                      - name: bridge
                        webhook_configs:
                          - url: "https://127.0.0.1:%1$d/webhook"
                            http_config:
                              authorization: {credentials: from-alertmanager}
                              tls_config: {ca_file: %2$s/authority.crt, cert_file: %2$s/alertmanager.crt, key_file: %2$s/alertmanager.key}
                    """.formatted(port, folder);
            try (ServerProcess bridge = Program.start(
                            "bridge",
                            folder,
                            "bridge",
                            "--config=" + config,
                            "--web-config=" + web,
                            "--listen=127.0.0.1:" + port,
                            "--data=" + folder.resolve("data"));
                    AlertmanagerServer alertmanager = AlertmanagerServer.start(folder, alertmanagerPort, routing)) {
                String url = "https://127.0.0.1:" + port + "/webhook";
                Peers.await("it answers", Duration.ofSeconds(40), () -> post(url, CLIENT, null) == 401);
                alertmanager.alert("Told");
                chat.awaitPosts(1, Duration.ofSeconds(30));
                assertThat(chat.posts().get(0).everything()).contains("Told");

                assertThatThrownBy(() -> post(url, null, "from-alertmanager")).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> post(url, STRANGER, "from-alertmanager"))
                        .isInstanceOf(IOException.class);
                assertThat(post(url, CLIENT, "a guess")).isEqualTo(401);
                assertThat(post(url, CLIENT, "from-alertmanager")).isEqualTo(200);
                assertThat(bridge.isAlive()).isTrue();
            }
        }
    }

    private static int post(String url, @Nullable HeldCertificate certificate, @Nullable String token)
            throws IOException {
        HandshakeCertificates.Builder own =
                new HandshakeCertificates.Builder().addTrustedCertificate(AUTHORITY.certificate());
        if (certificate != null) {
            own.heldCertificate(certificate);
        }
        HandshakeCertificates certificates = own.build();
        OkHttpClient client = new OkHttpClient.Builder()
                .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
                .build();
        Request.Builder request = new Request.Builder()
                .url(url)
                .post(RequestBody.create(Webhook.firing("Told"), MediaType.get("application/json")));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (Response response = client.newCall(request.build()).execute()) {
            return response.code();
        }
    }
}
