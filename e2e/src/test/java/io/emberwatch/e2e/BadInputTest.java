package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong around a running program: it stays up, says what is wrong and where, counts it, and loses nothing. All
 * of it happens to one program at once.
 */
final class BadInputTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static Path config;
    private static HangingServer slow;
    private static MattermostStub chat;
    private static MattermostStub notices;
    private static SmtpServer mail;
    private static ServerProcess up;
    private static String base;
    private static int refusing;

    @BeforeAll
    static void start() throws Exception {
        slow = HangingServer.start();
        chat = MattermostStub.start();
        notices = MattermostStub.start();
        mail = SmtpServer.start("gone@example.test");
        refusing = Peers.freePort();
        config = Files.writeString(folder.resolve("emberwatch.yml"), configuration());
        int port = Peers.freePort();
        base = "http://127.0.0.1:" + port;
        up = Program.start(
                "up",
                folder,
                "up",
                "--config=" + config,
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve("data"));
        try {
            Peers.await("up answers", PATIENCE, () -> Http.isOk(base + "/-/healthy"));
        } catch (AssertionError e) {
            throw new AssertionError(up.tail(), e);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            assertThat(up.isAlive()).as(up.tail()).isTrue();
        } finally {
            up.close();
            mail.close();
            notices.close();
            chat.close();
            slow.close();
        }
    }

    private static String configuration() throws Exception {
        return """
                exporter:
                  sensors:
                    - {name: good, command: ["%s"]}
                    - {name: missing, command: [/nowhere/sensor]}
                    - {name: garbage, command: ["%s"]}
                    - {name: silent, command: [sleep, "1000"]}
                    - {name: endless, command: ["%s"]}
                    - {name: ends, command: ["%s"], restart: {min: 100ms, max: 1s}}
                  etcd:
                    timeout: 20s
                    clusters:
                      - {name: refusing, members: [{url: "http://127.0.0.1:%d", instance: a}]}
                      - {name: slow, members: [{url: "%s", instance: b}]}
                bridge:
                  mattermost:
                    - {name: chat, url: "%s", timeout: 1s}
                    - {name: notices, url: "%s"}
                  email:
                    - {name: mail, host: 127.0.0.1, port: %d, tls: none, from: emberwatch@example.test,
                       to: [ops@example.test, gone@example.test]}
                  routes:
                    - {receiver: chat, channels: [chat]}
                    - {receiver: mail, channels: [mail]}
                  default_channels: []
                  fallback_channel: notices
                  retry: {min_backoff: 100ms, max_backoff: 500ms}
                """.formatted(
                script("good", "i=0; while sleep 0.2; do i=$((i + 1)); echo 5 5000000 $i; done"),
                script("garbage", "while sleep 0.2; do echo five 5000000 6; echo 1 2; printf '\\377\\000\\n'; done"),
                script(
                        "endless",
                        "head -c 10485760 /dev/zero | tr '\\0' 7; echo; while sleep 0.2; do echo 5 5000000 1; done"),
                script("ends", "echo the disk is gone >&2; exit 7"),
                refusing,
                slow.url(),
                chat.url("alerts"),
                notices.url("alerts"),
                mail.port());
    }

    private static Path script(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".sh"), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "check", "exporter", "bridge"})
    void everyFaultOfAConfigurationIsReportedAtOnceWithItsPlace(String command) throws Exception {
        Path faulty = Files.writeString(folder.resolve("faulty-" + command + ".yml"), """
                exporter:
                  sensors:
                    - {nam: x}
                  etcd:
                    timeout: 5 parsecs
                bridge:
                  mattermost: [{name: chat, url: nowhere}]
                """);
        Program.Finished finished = Program.run(folder, command, "--config=" + faulty);
        assertThat(finished.exitCode()).as(finished.output()).isEqualTo(2);
        assertThat(finished.output().lines())
                .contains(faulty + ":3:8: exporter.sensors[0].nam: unknown key; did you mean name?")
                .anyMatch(line -> line.startsWith(faulty + ":5:14: exporter.etcd.timeout: \"5 parsecs\"")
                        && line.contains("a duration like 15s"))
                .anyMatch(line -> line.startsWith(faulty + ":7:")
                        && line.contains("bridge.mattermost[0].url")
                        && !line.contains("nowhere"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "check"})
    void aConfigurationThatIsNotThereIsAUsageError(String command) throws Exception {
        Path missing = folder.resolve("missing.yml");
        Program.Finished finished = Program.run(folder, command, "--config=" + missing);
        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.output().strip()).isEqualTo(missing + ": there is no such file, or it cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "exporter", "bridge"})
    void aPortInUseIsNamedWithTheWayOut(String command) throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + holder.getLocalPort();
            Program.Finished finished =
                    Program.run(folder, command, "--listen=" + address, "--data=" + folder.resolve("other"));
            assertThat(finished.exitCode()).as(finished.output()).isEqualTo(1);
            assertThat(finished.output().strip())
                    .isEqualTo("emberwatch: cannot listen on " + address + ": Address already in use; stop the program"
                            + " that holds the port or choose another with --listen");
        }
    }

    @Test
    void aDataDirectoryBelowAFileIsNamedWithTheWayOut() throws Exception {
        Path data = Files.writeString(folder.resolve("file"), "").resolve("data");
        assertThat(refusal("bridge", data))
                .isEqualTo("emberwatch: cannot write to the data directory " + data
                        + ": Not a directory; mend that, or name another with --data");
    }

    @Test
    void aReadOnlyDataDirectoryIsNamedWithTheWayOut() throws Exception {
        try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("read-only"), "1m")) {
            disk.makeReadOnly();
            Path data = disk.folder().resolve("data");
            assertThat(refusal("up", data))
                    .isEqualTo("emberwatch: cannot write to the data directory " + data
                            + ": Read-only file system; mend that, or name another with --data");
        }
    }

    @Test
    void aFullDataDirectoryIsNamedWithTheWayOut() throws Exception {
        try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("full"), "1m")) {
            Path data = Files.createDirectory(disk.folder().resolve("data"));
            disk.fill();
            assertThat(refusal("up", data))
                    .isEqualTo("emberwatch: cannot write to the data directory " + data
                            + ": No space left on device; mend that, or name another with --data");
        }
    }

    private static String refusal(String command, Path data) throws Exception {
        Program.Finished finished = Program.run(
                folder, command, "--listen=127.0.0.1:" + Peers.freePort(), "--data=" + data, "--config=" + config);
        assertThat(finished.exitCode()).as(finished.output()).isEqualTo(1);
        return finished.output().strip();
    }

    @Test
    void faultySensorsAreCountedByReasonAndOthersGoOn() throws Exception {
        Peers.await("the sensors have run for a while", PATIENCE, () -> {
            Page page = sensors();
            return page.value("sensor_ticks_total{sensor=\"good\"}") > 5
                    && page.value("emberwatch_exporter_sensor_restarts_total{sensor=\"ends\"}") >= 2
                    && page.value("emberwatch_exporter_sensor_restarts_total{sensor=\"missing\"}") >= 1
                    && page.value("sensor_ticks_total{sensor=\"endless\"}") == 1;
        });
        Page page = sensors();
        assertThat(page.value("emberwatch_exporter_sensor_up{sensor=\"good\"}")).isEqualTo(1);
        for (String down : List.of("missing", "silent", "ends")) {
            assertThat(page.value("emberwatch_exporter_sensor_up{sensor=\"" + down + "\"}"))
                    .as(down)
                    .isZero();
            assertThat(page.value("emberwatch_exporter_sensor_lines_total{sensor=\"" + down + "\"}"))
                    .as(down)
                    .isZero();
        }
        assertThat(page.errors("garbage", "error.cpu_load")).isPositive();
        assertThat(page.errors("garbage", "error.ticks")).isZero();
        assertThat(page.errors("garbage", "line.field_count")).isPositive();
        assertThat(page.value("sensor_ticks_total{sensor=\"garbage\"}"))
                .as("the good value of a bad line")
                .isEqualTo(6);
        assertThat(page.errors("endless", "line.too_long")).isEqualTo(1);
        assertThat(page.value("emberwatch_exporter_sensor_lines_total{sensor=\"endless\"}"))
                .as("the lines behind it came too")
                .isGreaterThan(1);
        assertThat(page.value("emberwatch_exporter_source_success{source=\"sensor\"}"))
                .isEqualTo(1);
        assertThat(page.value("emberwatch_exporter_sensor_errors_total{error=\"line.too_long\",sensor=\"good\"}"))
                .isZero();
        assertThat(up.output())
                .contains(
                        "sensor=missing command=/nowhere/sensor reason=\"cannot start: /nowhere/sensor: no such file\"")
                .contains("sensor=ends", "ended with code 7", "the disk is gone")
                .contains("sensor=endless error=line.too_long reason=\"longer than 65536 bytes\"");
        assertThat(up.output().split("no such file", -1)).as("said once").hasSize(2);
        Peers.await(
                "the good sensor is stored",
                PATIENCE,
                () -> Http.value(base, "sensor_ticks_total{sensor=\"good\"}") > 0);
    }

    @Test
    void membersThatDoNotAnswerHoldUpNobody() throws Exception {
        Page page = Page.of(Http.get(
                base + "/metrics?collect%5B%5D=etcd&collect%5B%5D=sensor&collect%5B%5D=loadavg",
                "X-Prometheus-Scrape-Timeout-Seconds",
                "4"));
        assertThat(page.value("emberwatch_exporter_etcd_up{cluster=\"refusing\",instance=\"a\"}"))
                .isZero();
        assertThat(page.value("emberwatch_exporter_etcd_up{cluster=\"slow\",instance=\"b\"}"))
                .isZero();
        assertThat(page.value("emberwatch_exporter_etcd_healthy{cluster=\"slow\",instance=\"b\"}"))
                .isZero();
        assertThat(
                        page.value(
                                "emberwatch_exporter_etcd_failures_total{cluster=\"refusing\",instance=\"a\",reason=\"unreachable\"}"))
                .isPositive();
        assertThat(page.value(
                        "emberwatch_exporter_etcd_failures_total{cluster=\"slow\",instance=\"b\",reason=\"timeout\"}"))
                .isPositive();
        assertThat(page.value("emberwatch_exporter_sensor_up{sensor=\"good\"}")).isEqualTo(1);
        assertThat(page.value("node_load1")).isNotNegative();
        Peers.await(
                "the scrapes of the rule engine come in time too",
                PATIENCE,
                () -> Http.value(base, "up{job=\"etcd\"}") == 1
                        && Http.value(base, "emberwatch_exporter_etcd_up{cluster=\"slow\"}") == 0);
        assertThat(up.output())
                .contains("cluster=refusing instance=a reason=unreachable")
                .contains("cluster=slow instance=b reason=timeout");
    }

    @Test
    void aNotificationThatCannotBeReadIsKeptAndReported() throws Exception {
        var answer = Http.post(base + "/webhook/chat", "application/json", "{\"alerts\": [nonsense");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(notices.awaitPosts(1, PATIENCE)).hasSize(1);
        assertThat(notices.posts().get(0).everything()).contains("could not be read", "not JSON", "chat");
        assertThat(metrics().value("emberwatch_bridge_received_total{verdict=\"unparsable\"}"))
                .isEqualTo(1);
        assertThat(Http.get(base + "/api/v1/bridge/notifications").body()).contains("unparsable", "nonsense");
    }

    @Test
    void aChatServerInTroubleGetsTheMessageOnceWhenItRecovers() throws Exception {
        chat.script(
                Fault.answer(500),
                Fault.answer(429),
                Fault.hang(Duration.ofSeconds(20)),
                Fault.reset(),
                Fault.answer(503));
        assertThat(Http.post(base + "/webhook/chat", "application/json", Webhook.firing("ChatTrouble"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(chat.awaitPosts(1, PATIENCE)).hasSize(1);
        assertThat(chat.posts().get(0).everything()).contains("ChatTrouble");
        Peers.await(
                "it is counted as delivered",
                PATIENCE,
                () -> metrics().value("emberwatch_bridge_deliveries_total{channel=\"chat\",result=\"delivered\"}")
                        == 1);
        Page page = metrics();
        for (String code : List.of("500", "429", "503", "200")) {
            assertThat(page.value("emberwatch_bridge_attempts_total{channel=\"chat\",code=\"" + code + "\"}"))
                    .as(code)
                    .isEqualTo(1);
        }
        // The depth is measured once in a while.
        Peers.await(
                "nothing waits any more",
                PATIENCE,
                () -> metrics().value("emberwatch_bridge_queue_depth{channel=\"chat\"}") == 0);
        assertThat(page.value("emberwatch_bridge_dead_letters_total{channel=\"chat\"}"))
                .isZero();
        assertThat(page.value("emberwatch_bridge_channel_up{channel=\"chat\"}")).isEqualTo(1);
        assertThat(chat.requests()).isEqualTo(6);
        assertThat(chat.posts()).hasSize(1);
    }

    @Test
    void aReceiverThatIsRefusedBecomesADeadLetterAndTheOtherHasTheMail() throws Exception {
        assertThat(Http.post(base + "/webhook/mail", "application/json", Webhook.firing("MailTrouble"))
                        .statusCode())
                .isEqualTo(200);
        Peers.await("the mail has come", PATIENCE, () -> !mail.mails().isEmpty());
        Peers.await(
                "the other is given up",
                PATIENCE,
                () -> metrics().value("emberwatch_bridge_dead_letters_total{channel=\"mail\"}") == 1);
        assertThat(mail.mails()).hasSize(1);
        assertThat(mail.mails().get(0).to()).containsExactly("ops@example.test");
        assertThat(mail.mails().get(0).text()).contains("MailTrouble");
        Program.Finished letters =
                Program.run(folder, "bridge", "dead-letters", "--config=" + config, "--data=" + folder.resolve("data"));
        assertThat(letters.exitCode()).as(letters.output()).isZero();
        assertThat(letters.output().lines()).hasSize(1);
        assertThat(letters.output()).contains("mail", "gone@example.test", "MailTrouble", "550", "no such user");
    }

    @Test
    void aDiskThatFillsRefusesForNowAndLosesNothing() throws Exception {
        int port = Peers.freePort();
        String bridge = "http://127.0.0.1:" + port;
        try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("small"), "1m");
                MattermostStub target = MattermostStub.start()) {
            Path small = Files.writeString(
                    folder.resolve("small.yml"),
                    "bridge: {mattermost: [{name: chat, url: \"" + target.url("alerts")
                            + "\", rate_per_second: 100}]}\n");
            try (ServerProcess process = Program.start(
                    "bridge",
                    folder,
                    "bridge",
                    "--config=" + small,
                    "--listen=127.0.0.1:" + port,
                    "--data=" + disk.folder())) {
                Peers.await("the bridge answers", PATIENCE, () -> Http.isOk(bridge + "/-/ready"));
                int accepted = 0;
                while (post(bridge, accepted) == 200) {
                    accepted++;
                    if (accepted == 5) {
                        disk.fill();
                    }
                    assertThat(accepted).as("a full disk takes no end of them").isLessThan(200);
                }
                assertThat(post(bridge, accepted)).isEqualTo(503);
                assertThat(Page.of(Http.get(bridge + "/metrics")).value("emberwatch_bridge_outbox_up"))
                        .isZero();
                Peers.await(
                        "it says why it is not ready",
                        PATIENCE,
                        () -> Http.get(bridge + "/-/ready").body().contains("the disk or the outbox is full"));
                assertThat(Http.isOk(bridge + "/-/healthy")).isTrue();

                Files.delete(disk.folder().resolve("filling"));
                int next = accepted;
                Peers.await("it takes notifications again", PATIENCE, () -> post(bridge, next) == 200);
                assertThat(process.isAlive()).isTrue();
                Peers.await("it is ready again", PATIENCE, () -> Http.isOk(bridge + "/-/ready"));
                int all = accepted + 1;
                Peers.await("all that were accepted are delivered", PATIENCE, () -> {
                    Page page = Page.of(Http.get(bridge + "/metrics"));
                    return page.value("emberwatch_bridge_deliveries_total{channel=\"chat\",result=\"delivered\"}")
                                    == all
                            && page.value("emberwatch_bridge_queue_depth{channel=\"chat\"}") == 0;
                });
                for (int i = 0; i < all; i++) {
                    String name = "Number" + i + "End";
                    assertThat(target.posts())
                            .as(name)
                            .anyMatch(post -> post.everything().contains(name));
                }
            } catch (AssertionError e) {
                throw new AssertionError(Files.readString(folder.resolve("bridge.log")), e);
            }
        }
    }

    private static int post(String bridge, int number) throws Exception {
        return Http.post(bridge + "/webhook", "application/json", Webhook.firing("Number" + number + "End"))
                .statusCode();
    }

    private static Page sensors() throws Exception {
        return Page.of(Http.get(base + "/metrics?collect%5B%5D=sensor"));
    }

    private static Page metrics() throws Exception {
        return Page.of(Http.get(base + "/metrics?collect%5B%5D=bridge"));
    }
}
