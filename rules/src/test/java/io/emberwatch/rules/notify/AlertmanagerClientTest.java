package io.emberwatch.rules.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.rules.discovery.DiscoveryMetrics;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.config.YamlNode;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AlertmanagerClientTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.5Z");

    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private final ManualScheduler scheduler = new ManualScheduler(new ManualClock(START));
    private final AtomicInteger dropped = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final NotifyEvents counting = new NotifyEvents() {
        @Override
        public void attempted(String alertmanager, int alerts, Duration took, boolean ok) {
            accepted.addAndGet(ok ? alerts : 0);
        }

        @Override
        public void dropped(String alertmanager, int alerts) {
            dropped.addAndGet(alerts);
        }
    };

    private static Alert alert(int number) {
        return new Alert(
                Labels.of("alertname", "X", "n", Integer.toString(number)),
                Labels.of("text", "a \"quoted\" ü"),
                START,
                START.plusSeconds(240),
                "http://here/graph");
    }

    private static List<Alert> alerts(int count) {
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            alerts.add(alert(i));
        }
        return alerts;
    }

    private AlertmanagerClient client(List<AlertmanagerConfig> alertmanagers) {
        return client(alertmanagers, List.of());
    }

    private AlertmanagerClient client(List<AlertmanagerConfig> alertmanagers, List<AlertmanagerGroup> groups) {
        AlertmanagerClient client = new AlertmanagerClient(counting);
        client.replace(alertmanagers, groups, scheduler, new DiscoveryMetrics(new CollectorRegistry()));
        return client;
    }

    private static List<AlertmanagerGroup> groups(Path folder, String yaml) throws ConfigException {
        List<Problem> problems = new ArrayList<>();
        YamlNode.Mapping root = (YamlNode.Mapping) YamlNode.parse("prometheus.yml", yaml);
        List<AlertmanagerGroup> groups = AlertmanagerGroup.readAll(
                new MappingReader("prometheus.yml", "", root, problems), "alertmanagers", folder);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return groups;
    }

    @Test
    void alertmanagersAreFoundInFilesAndEachGetsTheAlertsItShould(@TempDir Path folder) throws Exception {
        try (HttpServer one = server(200);
                HttpServer two = server(200)) {
            Path file = folder.resolve("am.yml");
            Files.writeString(file, "- targets: ['127.0.0.1:" + one.port() + "', 'unwanted:1']\n");
            List<AlertmanagerGroup> groups = groups(folder, """
                    alertmanagers:
                      - path_prefix: /prefix/
                        authorization: {credentials: token}
                        file_sd_configs: [{files: [am.yml], refresh_interval: 5s}]
                        relabel_configs: [{source_labels: [__address__], regex: "unwanted.*", action: drop}]
                        alert_relabel_configs:
                          - {source_labels: [n], regex: "[0-4]", action: drop}
                          - {target_label: via, replacement: file}
                    """);
            try (AlertmanagerClient client = client(List.of(), groups)) {
                String address = "http://127.0.0.1:" + one.port() + "/prefix/api/v2/alerts";
                assertThat(client.addresses()).containsExactly(address);
                client.send(alerts(6));
                await(() -> bodies.size() == 1);
                assertThat(bodies.get(0))
                        .contains("\"n\":\"5\",\"via\":\"file\"")
                        .doesNotContain("\"n\":\"4\"");
                assertThat(authorizations).containsExactly("Bearer token");
                Files.writeString(file, "- targets: ['127.0.0.1:" + two.port() + "']\n- targets: ['bad/address']\n");
                scheduler.advance(Duration.ofSeconds(5));
                assertThat(client.addresses()).containsExactly(address.replace("" + one.port(), "" + two.port()));
                client.send(List.of(alert(1)));
                client.send(List.of(alert(7)));
            }
            assertThat(bodies).hasSize(2);
        }
    }

    private HttpServer server(int status) throws IOException {
        return HttpServer.start(
                ListenAddress.parse("127.0.0.1:0"), List.of(Route.post("/prefix/api/v2/alerts", exchange -> {
                    authorizations.add(String.valueOf(exchange.header("Authorization")));
                    bodies.add(new String(exchange.body(1 << 24), StandardCharsets.UTF_8));
                    exchange.respondText(status, "answer");
                })));
    }

    private static URI url(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.port() + "/prefix");
    }

    @Test
    void postsAlertsAsApiTwoWantsThem() throws IOException {
        try (HttpServer server = server(200)) {
            try (AlertmanagerClient client = client(List.of(AlertmanagerConfig.of(url(server))))) {
                client.send(List.of(alert(1)));
            }
            assertThat(bodies)
                    .containsExactly("[{\"labels\":{\"alertname\":\"X\",\"n\":\"1\"},"
                            + "\"annotations\":{\"text\":\"a \\\"quoted\\\" ü\"},"
                            + "\"startsAt\":\"2026-01-01T00:00:00.500Z\",\"endsAt\":\"2026-01-01T00:04:00.500Z\","
                            + "\"generatorURL\":\"http://here/graph\"}]");
            assertThat(authorizations).containsExactly("null");
        }
    }

    @Test
    void authenticatesAndSendsInBatches() throws IOException {
        try (HttpServer server = server(200)) {
            AlertmanagerConfig config =
                    new AlertmanagerConfig(url(server), Duration.ofSeconds(5), "user", new Secret("password"), null);
            try (AlertmanagerClient client = client(List.of(config))) {
                client.send(alerts(600));
            }
            assertThat(bodies).hasSize(3);
            assertThat(authorizations).containsOnly("Basic dXNlcjpwYXNzd29yZA==");
            assertThat(accepted).hasValue(600);
        }
    }

    @Test
    void refusedAlertsAreDroppedAndCounted() throws IOException {
        try (HttpServer server = server(500)) {
            try (AlertmanagerClient client = client(List.of(AlertmanagerConfig.of(url(server))))) {
                client.send(alerts(3));
            }
            assertThat(bodies).hasSize(1);
            assertThat(dropped).hasValue(3);
            assertThat(accepted).hasValue(0);
        }
    }

    @Test
    void aSlowAlertmanagerHoldsUpNoOther() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        Route slow = Route.post("/prefix/api/v2/alerts", exchange -> {
            try {
                hold.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.respondText(200, "");
        });
        try (HttpServer server = server(200);
                HttpServer stuck = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), List.of(slow))) {
            try (AlertmanagerClient client =
                    client(List.of(AlertmanagerConfig.of(url(stuck)), AlertmanagerConfig.of(url(server))))) {
                client.send(List.of(alert(1)));
                client.send(List.of(alert(2)));
                await(() -> accepted.get() == 2);
                hold.countDown();
            }
            assertThat(accepted).hasValue(4);
        }
    }

    @Test
    void whatAStuckAlertmanagerCannotTakeIsDroppedAndCountedAndTheRestIsDrainedOnStop() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        List<String> received = Collections.synchronizedList(new ArrayList<>());
        Route slow = Route.post("/prefix/api/v2/alerts", exchange -> {
            asked.countDown();
            try {
                hold.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            try {
                received.add(new String(exchange.body(1 << 20), UTF_8));
            } catch (HttpError e) {
                throw new IOException(e);
            }
            exchange.respondText(200, "");
        });
        try (HttpServer stuck = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), List.of(slow))) {
            try (AlertmanagerClient client = client(List.of(AlertmanagerConfig.of(url(stuck))))) {
                client.send(List.of(alert(0)));
                asked.await(10, TimeUnit.SECONDS);
                client.send(alerts(AlertmanagerClient.CAPACITY + 50));
                assertThat(dropped).hasValue(50);
                hold.countDown();
            }
            assertThat(dropped).as("nothing more is lost by stopping").hasValue(50);
            assertThat(accepted).hasValue(1 + AlertmanagerClient.CAPACITY);
            String all = String.join("", received.subList(1, received.size()));
            assertThat(all).contains("\"n\":\"50\"").doesNotContain("\"n\":\"49\"");
        }
    }

    @Test
    void aFullQueueDropsTheOldest() throws InterruptedException {
        AlertQueue queue = new AlertQueue(3);
        assertThat(queue.add(alerts(5))).isEqualTo(2);
        assertThat(queue.take(2)).containsExactly(alert(2), alert(3));
        queue.close();
        assertThat(queue.add(alerts(1))).isEqualTo(1);
        assertThat(queue.take(9)).containsExactly(alert(4));
        assertThat(queue.take(9)).isEmpty();
    }

    @Test
    void externalLabelsOverrideNothingAndRelabelingMayDrop() {
        List<Alert> sent = new ArrayList<>();
        OutgoingAlerts outgoing = new OutgoingAlerts(
                Labels.of("n", "external", "cluster", "c"),
                labels -> labels.get("n").equals("2") ? null : labels.get("n").equals("3") ? Labels.EMPTY : labels,
                sent::addAll);
        outgoing.send(alerts(4));
        assertThat(sent)
                .extracting(alert -> alert.labels().toString())
                .containsExactly(
                        "{alertname=\"X\", cluster=\"c\", n=\"0\"}", "{alertname=\"X\", cluster=\"c\", n=\"1\"}");
    }

    @Test
    void aRealAlertmanagerShowsTheAlertAndItsEnd(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prometheus-alertmanager")), "no Alertmanager installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/amtool")), "no amtool installed");
        Files.writeString(folder.resolve("am.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
        String address = "127.0.0.1:" + freePort();
        Process server = new ProcessBuilder(
                        "/usr/bin/prometheus-alertmanager",
                        "--config.file=" + folder.resolve("am.yml"),
                        "--storage.path=" + folder.resolve("data"),
                        "--cluster.listen-address=",
                        "--web.listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try (AlertmanagerClient client = client(List.of(AlertmanagerConfig.of(URI.create("http://" + address))))) {
            await(() -> amtool(address).contains("Alertname"));
            Instant now = Instant.now();
            Labels labels = Labels.of("alertname", "DiskFull", "instance", "a");
            Alert firing =
                    new Alert(labels, Labels.of("summary", "full"), now.minusSeconds(60), now.plusSeconds(60), "");
            client.send(List.of(firing));
            await(() -> amtool(address).contains("DiskFull"));
            assertThat(amtool(address)).contains("full").contains("active");
            Alert resolved = new Alert(labels, Labels.EMPTY, now.minusSeconds(60), now.minusSeconds(1), "");
            client.send(List.of(resolved));
            await(() -> !amtool(address).contains("DiskFull"));
        } finally {
            server.destroy();
            server.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static String amtool(String address) {
        try {
            Process amtool = new ProcessBuilder(
                            "/usr/bin/amtool", "--alertmanager.url=http://" + address, "alert", "query")
                    .redirectErrorStream(true)
                    .start();
            try (InputStream out = amtool.getInputStream()) {
                return new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
