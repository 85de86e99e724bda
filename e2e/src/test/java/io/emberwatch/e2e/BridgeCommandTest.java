package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** An alert on a sensor that hangs ends it by a command of the bridge, and the exporter starts it again. */
final class BridgeCommandTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final String url;
    private final int port;

    BridgeCommandTest() throws IOException {
        port = Peers.freePort();
        url = "http://127.0.0.1:" + port;
    }

    private Path script(String name, String text) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private double metric(String series) throws IOException {
        return Page.of(Http.get(url + "/metrics")).value(series);
    }

    private long started() throws IOException {
        return Files.exists(folder.resolve("pids"))
                ? Files.readAllLines(folder.resolve("pids")).size()
                : 0;
    }

    private void alert(String name, String sensor) throws IOException {
        String body = Webhook.firing(name).replace("\"severity\"", "\"sensor\": \"" + sensor + "\", \"severity\"");
        assertThat(Http.post(url + "/webhook", "application/json", body).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSensorThatHangsIsStartedAgainAtMostSoOften() throws Exception {
        Path sensor = script("sensor", "echo $$ >> %s/pids\necho 7.5 5000000 1\nexec sleep 1000\n".formatted(folder));
        Path restart = script("restart", """
                case $EMBERWATCH_LABEL_sensor in
                  oven) kill "$(tail -n 1 %s/pids)" && echo "ended $EMBERWATCH_LABEL_sensor" ;;
                  *) echo "no such sensor" ;;
                esac
                """.formatted(folder));
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  host: {enabled: false}
                  sensors: [{name: oven, command: ["%s"]}]
                bridge:
                  commands: [{name: restart, command: ["%s"], timeout: 10s, rate_per_minute: 1}]
                  routes: [{matchers: ['alertname=~"SensorStuck.*"'], channels: [restart]}]
                """.formatted(sensor, restart));
        try (ServerProcess up = Program.start(
                "up",
                folder,
                "up",
                "--config=" + config,
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve("data"))) {
            Peers.await(
                    "the sensor has printed",
                    Duration.ofSeconds(60),
                    () -> started() == 1 && metric("sensor_cpu_load{sensor=\"oven\"}") == 7.5);
            Peers.await("it takes notifications", Duration.ofSeconds(60), () -> Http.isOk(url + "/-/ready"));
            alert("Other", "oven");
            alert("SensorStuck", "oven");
            Peers.await("the sensor is started again", Duration.ofSeconds(60), () -> started() == 2);
            Peers.await(
                    "the exporter has counted that",
                    Duration.ofSeconds(30),
                    () -> metric("emberwatch_exporter_sensor_restarts_total{sensor=\"oven\"}") == 1);
            Peers.await("it is in the audit", Duration.ofSeconds(30), () -> audit().contains("ended oven"));
            assertThat(audit()).contains("\"via\":\"command\"", "\"result\":\"exit0\"", "ended oven");
            alert("SensorStuckAgain", "oven");
            Peers.await(
                    "the next waits for its turn",
                    Duration.ofSeconds(30),
                    () -> metric("emberwatch_bridge_received_total{verdict=\"accepted\"}") == 3
                            && Http.get(url + "/bridge/notifications").body().contains("\"state\":\"queued\""));
            assertThat(started()).isEqualTo(2);
            assertThat(up.isAlive()).isTrue();
        }
    }

    private String audit() throws IOException {
        return Http.get(url + "/api/v1/bridge/audit").body();
    }
}
