package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that changes while the bridge runs. */
class ReloadTest {
    private final ManualScheduler scheduler = new ManualScheduler(clock());

    @TempDir
    Path folder;

    private ManualClock clock;
    private Path file;
    private Path token;
    private ServiceServer server;
    private BridgeService service;
    private int port;

    private ManualClock clock() {
        clock = new ManualClock(Instant.parse("2026-11-21T12:00:00Z"));
        return clock;
    }

    @BeforeEach
    void start() throws Exception {
        token = Files.writeString(folder.resolve("token"), "first\n");
        file = folder.resolve("bridge.yml");
        write("time_zone: UTC");
        service =
                new BridgeService(read(), new ServiceContext(clock, scheduler, folder.resolve("data"), folder), () -> {
                    try {
                        return read();
                    } catch (ConfigException e) {
                        throw new IOException(e.getMessage(), e);
                    }
                });
        server = new ServiceServer(List.of(service));
        port = server.start(ListenAddress.parse("127.0.0.1:0"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void write(String line) throws IOException {
        Files.writeString(file, "auth: {bearer_token_file: " + token + "}\n" + line + "\n");
    }

    private BridgeConfig read() throws IOException, ConfigException {
        return ConfigReader.read(file, BridgeConfig.class);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return Fixture.CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private int post(String secret) throws Exception {
        return send(request("/webhook")
                        .header("Authorization", "Bearer " + secret)
                        .POST(HttpRequest.BodyPublishers.ofString(
                                Payloads.group("Ill").firing("a").body())))
                .statusCode();
    }

    private double metric(String name) throws Exception {
        return send(request("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSecretFileThatChangesIsTakenUpWithinHalfAMinute() throws Exception {
        assertThat(post("first")).isEqualTo(200);
        Files.writeString(token, "second");
        assertThat(post("second")).isEqualTo(401);
        scheduler.advance(Duration.ofSeconds(31));
        assertThat(post("second")).isEqualTo(200);
        assertThat(post("first")).isEqualTo(401);
        // A file that is being written has nothing in it for a moment.
        Files.delete(token);
        scheduler.advance(Duration.ofSeconds(31));
        assertThat(post("second")).as("the last good one").isEqualTo(200);
    }

    @Test
    void otherChangesWaitUntilAReloadIsAskedFor() throws Exception {
        double hash = metric("emberwatch_bridge_config_hash");
        write("time_zone: Europe/Berlin");
        scheduler.advance(Duration.ofSeconds(31));
        assertThat(metric("emberwatch_bridge_config_hash")).isEqualTo(hash);
        assertThat(send(request("/-/reload").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(metric("emberwatch_bridge_config_hash")).isNotEqualTo(hash);
        assertThat(metric("emberwatch_bridge_config_last_reload_successful")).isEqualTo(1);
        assertThat(post("first")).isEqualTo(200);
    }

    @Test
    void aFaultyConfigurationChangesNothing() throws Exception {
        double hash = metric("emberwatch_bridge_config_hash");
        write("mattermost: [{name: chat, url: 'http://127.0.0.1:1/hooks/x', template: {alert: '{{ alert.nmae }}'}}]");
        HttpResponse<String> answer = send(request("/-/reload").POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("bridge.yml:2:", "nmae");
        assertThat(metric("emberwatch_bridge_config_last_reload_successful")).isZero();
        assertThat(metric("emberwatch_bridge_config_hash")).isEqualTo(hash);
        assertThat(post("first")).isEqualTo(200);
        assertThatThrownBy(() -> service.reload()).isInstanceOf(IOException.class);
        write("mattermost: [{name: chat, url: 'http://127.0.0.1:1/hooks/x', template: {alert: '{{ alert.name }}'}}]");
        assertThat(send(request("/-/reload").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(metric("emberwatch_bridge_config_last_reload_successful")).isEqualTo(1);
    }
}
