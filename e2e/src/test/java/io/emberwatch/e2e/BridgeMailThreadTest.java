package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** An incident's mails through a real postfix, read back from a real dovecot: one thread with the first mail as its root. */
final class BridgeMailThreadTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private static String body(String... states) {
        StringBuilder alerts = new StringBuilder();
        boolean firing = false;
        for (int i = 0; i < states.length; i++) {
            boolean fires = states[i].equals("firing");
            firing |= fires;
            alerts.append(i == 0 ? "" : ",")
                    .append("""
                    {"status": "%1$s", "labels": {"alertname": "NoLeader", "cluster": "prod", "instance": "etcd-%2$d", "severity": "critical"},
                     "annotations": {"summary": "etcd-%2$d is ill"}, "startsAt": "2026-03-01T10:00:00Z",
                     "endsAt": "%3$s", "generatorURL": "", "fingerprint": "000000000000000%2$d"}
                    """.formatted(states[i], i, fires ? "0001-01-01T00:00:00Z" : "2026-03-01T10:09:00Z"));
        }
        return """
                {"version": "4", "groupKey": "{}:{cluster=\\"prod\\"}", "truncatedAlerts": 0, "status": "%s",
                 "receiver": "bridge", "groupLabels": {"cluster": "prod"}, "commonLabels": {}, "commonAnnotations": {},
                 "externalURL": "http://alertmanager.example.test:9093", "alerts": [%s]}
                """.formatted(firing ? "firing" : "resolved", alerts);
    }

    @Test
    void theMailsOfAnIncidentAreOneThread() throws Exception {
        int port = Peers.freePort();
        try (PostfixServer postfix = PostfixServer.start(folder)) {
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    bridge:
                      email:
                        - {name: ops, host: 127.0.0.1, port: %d, tls: none, from: Emberwatch <alerts@example.test>, to: [ops@example.test]}
                    """.formatted(postfix.port()));
            try (ServerProcess bridge = Program.start(
                    "bridge",
                    folder,
                    "bridge",
                    "--config=" + config,
                    "--listen=127.0.0.1:" + port,
                    "--data=" + folder.resolve("data"))) {
                String url = "http://127.0.0.1:" + port;
                Peers.await("the bridge answers", Duration.ofSeconds(40), () -> Http.isOk(url + "/-/ready"));
                List<String> told = List.of(body("firing"), body("firing", "firing"), body("resolved", "resolved"));
                for (int i = 0; i < told.size(); i++) {
                    assertThat(Http.post(url + "/webhook", "application/json", told.get(i))
                                    .statusCode())
                            .isEqualTo(200);
                    int wanted = i + 1;
                    Peers.await(
                            "mail " + wanted,
                            Duration.ofSeconds(30),
                            () -> postfix.mails().size() == wanted);
                }
                assertThat(bridge.isAlive()).isTrue();
            }
            try (DovecotServer dovecot = DovecotServer.start(folder, folder.resolve("mail/inbox"), "postfix")) {
                List<String> subjects = dovecot.ask("FETCH 1:* BODY.PEEK[HEADER.FIELDS (SUBJECT)]").stream()
                        .filter(line -> line.startsWith("Subject: "))
                        .toList();
                assertThat(subjects)
                        .containsExactly(
                                "Subject: [FIRING:1] NoLeader prod",
                                "Subject: [FIRING:2] NoLeader prod",
                                "Subject: [RESOLVED] NoLeader prod");
                assertThat(dovecot.ask("THREAD REFERENCES UTF-8 ALL"))
                        .as("both later mails answer the first")
                        .containsExactly("* THREAD (1 (2)(3))");
                assertThat(dovecot.ask("SEARCH HEADER Auto-Submitted auto-generated"))
                        .containsExactly("* SEARCH 1 2 3");
                assertThat(dovecot.ask("SEARCH HEADER List-Id ops.alerts.emberwatch.example.test"))
                        .containsExactly("* SEARCH 1 2 3");
                assertThat(dovecot.ask("FETCH 1 BODYSTRUCTURE").toString())
                        .contains("\"plain\"", "\"html\"", "\"alternative\"");
            }
        }
    }
}
