package io.emberwatch.exporter.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real etcd that speaks TLS and asks for certificates. */
class RealEtcdTest {
    private static final Path PROGRAM = Path.of("/usr/bin/etcd");

    @TempDir
    Path folder;

    private final HeldCertificate authority =
            new HeldCertificate.Builder().certificateAuthority(1).build();
    private Process etcd;
    private int port;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "etcd is not installed");
        HeldCertificate server = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        Path ca = write("ca.pem", authority.certificatePem());
        Path cert = write("server.pem", server.certificatePem());
        Path key = write("server.key", server.privateKeyPkcs8Pem());
        port = freePort();
        String url = "https://127.0.0.1:" + port;
        etcd = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--data-dir=" + folder.resolve("data"),
                        "--listen-client-urls=" + url,
                        "--advertise-client-urls=" + url,
                        "--listen-peer-urls=http://127.0.0.1:" + freePort(),
                        "--client-cert-auth",
                        "--trusted-ca-file=" + ca,
                        "--cert-file=" + cert,
                        "--key-file=" + key)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("etcd.log").toFile())
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (etcd != null) {
            etcd.destroyForcibly();
            etcd.waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String scrapeUntil(String tls, String expected) throws Exception {
        String yaml =
                "{clusters: [{name: main, members: [{url: \"https://127.0.0.1:" + port + "\"}], tls: " + tls + "}]}";
        ExporterMetrics metrics = new ExporterMetrics(new CollectorRegistry());
        Deadline patience = Deadline.after(Duration.ofSeconds(20));
        try (EtcdSource source = new EtcdSource(ConfigReader.parse("etcd.yml", yaml, EtcdConfig.class), metrics)) {
            String text;
            do {
                LockSupport.parkNanos(20_000_000);
                text = ExpositionWriter.toText(
                        source.collect(Deadline.after(Duration.ofSeconds(5))), TextFormat.PROMETHEUS_0_0_4);
            } while (!text.contains(expected) && !patience.isPast());
            return text;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "PRIVATE KEY"})
    void isReadWithKeysOfEveryWriting(String kind) throws Exception {
        HeldCertificate.Builder builder = new HeldCertificate.Builder().signedBy(authority);
        HeldCertificate client = (kind.startsWith("RSA") ? builder.rsa2048() : builder).build();
        write("client.pem", client.certificatePem());
        Path key =
                write("client.key", kind.startsWith("RSA") ? client.privateKeyPkcs1Pem() : client.privateKeyPkcs8Pem());
        assertThat(key).content().contains("BEGIN " + kind);

        String text = scrapeUntil(
                "{ca: %1$s/ca.pem, cert: %1$s/client.pem, key: %1$s/client.key}".formatted(folder),
                "emberwatch_exporter_etcd_healthy{cluster=\"main\",instance=\"127.0.0.1:" + port + "\"} 1\n");

        String labels = "{cluster=\"main\",instance=\"127.0.0.1:" + port + "\"}";
        for (String name : List.of(
                "emberwatch_exporter_etcd_up",
                "emberwatch_exporter_etcd_healthy",
                "etcd_server_has_leader",
                "etcd_server_is_leader")) {
            assertThat(text).contains(name + labels + " 1\n");
        }
        assertThat(text)
                .contains("etcd_debugging_mvcc_db_total_size_in_bytes" + labels)
                .contains("etcd_mvcc_db_total_size_in_bytes" + labels)
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket{cluster=\"main\",");
    }

    @Test
    void isDownWhenNobodyTrustsNobody() throws Exception {
        String reason = "reason=\"tls\"} 1\n";

        assertThat(scrapeUntil("{}", reason))
                .contains("emberwatch_exporter_etcd_up{cluster=\"main\"")
                .contains(reason);
        assertThat(scrapeUntil("{ca: " + folder.resolve("none.pem") + "}", reason))
                .contains(reason);
        assertThat(scrapeUntil("{ca: " + write("odd.pem", "hello") + "}", reason))
                .contains(reason);
    }
}
