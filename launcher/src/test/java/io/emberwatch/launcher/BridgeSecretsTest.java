package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands and error texts say never holds a secret of the bridge's configuration. */
final class BridgeSecretsTest {
    private static final String CANARY = "c4nary0in0the0mine";

    @TempDir
    private Path folder;

    private Path config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("emberwatch.yml"), yaml.replace("CANARY", CANARY));
    }

    /** Everything that a command says, also past the command line's own streams. */
    private static String said(String... words) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        System.setOut(caught);
        System.setErr(caught);
        try {
            Cli run = Cli.run(words);
            return run.out() + run.err() + bytes.toString(StandardCharsets.UTF_8);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void noCommandShowsASecretAlsoWhenNothingWorks() throws Exception {
        try (MattermostStub chat = MattermostStub.start()) {
            String file = "--config=" + config("""
                    bridge:
                      mattermost:
                        - {name: bot, server: "%1$s", token: CANARY-1, team: ops, channel: alerts, url: "%1$s/hooks/CANARY"}
                        - {name: lost, server: "http://127.0.0.1:1", token: CANARY-2, team: ops, channel: alerts}
                        - {name: unknown, url: "%1$s/hooks/CANARY"}
                        - {name: refused, url: "http://127.0.0.1:1/hooks/CANARY"}
                      email:
                        - {name: mail, host: 127.0.0.1, port: 1, tls: none, username: u, password: CANARY-3,
                           from: a@example.com, to: [b@example.com]}
                      alertmanagers: [{url: "http://127.0.0.1:1", username: u, password: CANARY-4}]
                      actions: {url: "http://127.0.0.1:1", secret: CANARY-5, previous_secret: CANARY-6}
                      auth: {bearer_token: CANARY-7, username: u, password: CANARY-8, hmac_secret: CANARY-9}
                    """.formatted(chat.server()));
            String data = "--data=" + folder.resolve("data");
            Path body = Files.writeString(folder.resolve("body.json"), """
                    {"version":"4","groupKey":"g","status":"firing","receiver":"r","groupLabels":{},"commonLabels":{},
                     "commonAnnotations":{},"externalURL":"","truncatedAlerts":0,"alerts":[{"status":"firing",
                     "labels":{"alertname":"Ill"},"annotations":{},"startsAt":"2026-03-01T10:00:00Z",
                     "endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"0000000000000001"}]}
                    """);
            String tests = said("bridge", "send-test", file, data);
            assertThat(tests)
                    .contains("bot: firing: ", "lost: firing: failed", "refused: firing: failed", "mail: firing: ");
            for (List<String> words : List.of(
                    List.of("check", file),
                    List.of("bridge", "check", file),
                    List.of("bridge", "route", file, "a=b"),
                    List.of("bridge", "render", file, data, body.toString()),
                    List.of("bridge", "dead-letters", file, data),
                    List.of("silence", "list", file),
                    List.of("doctor", file, data))) {
                tests += assertSaid(words);
            }
            assertThat(tests).doesNotContain(CANARY);
        }
    }

    private static String assertSaid(List<String> words) {
        String said = said(words.toArray(String[]::new));
        assertThat(said).as(words.toString()).isNotBlank().doesNotContain(CANARY);
        return said;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mattermost: [{name: c, url: 'htp://chat.example/hooks/CANARY'}]",
                "mattermost: [{name: c, url: 'http://chat example/hooks/CANARY'}]",
                "mattermost: [{name: c, url: 'hooks/CANARY'}]",
                "mattermost: [{name: c, url: [CANARY]}]",
                "mattermost: [{name: c, url: 'http://a/hooks/CANARY', burst: -1}]",
                "mattermost: [{name: c, server: 'http://a', token: [CANARY], team: t, channel: x}]",
                "mattermost: [{name: c, server: 'http://a', token: {a: CANARY}, team: t, channel: x}]",
                "mattermost: [{name: c, server: 'http://a', token: CANARY, token_file: /nowhere, team: t, channel: x}]",
                "mattermost: [{name: c, server: 'http://u:CANARY@a b', token: x, team: t, channel: x}]",
                "mattermost: [{name: c, server: 'http://a', token: CANARY, channel: x}]",
                "email: [{name: m, host: h, username: u, password: [CANARY], from: a@b, to: [c@d]}]",
                "email: [{name: m, host: h, password: CANARY, from: a@b, to: [c@d], port: 0}]",
                "mattermost: [{name: c, server: 'htp://u:CANARY@a', token: x, team: t, channel: x}]",
                "alertmanagers: [{url: 'http://u:CANARY@a'}]",
                "alertmanagers: [{url: 'ftp://u:CANARY@a'}]",
                "alertmanagers: [{url: 'http://a', username: u, password: CANARY, bearer_token: CANARY}]",
                "reconcile: {prometheus: {url: 'ftp://u:CANARY@a'}}",
                "auth: {username: u, password: {a: CANARY}}",
                "auth: {bearer_token: CANARY, hmac_secret: [CANARY], tokn: 1}",
                "auth: {password: CANARY}",
                "actions: {secret: CANARY}",
                "actions: {url: 'http://a', secret: CANARY, ack: 1s}",
                "actions: {url: 'u:CANARY@a', secret: 0123456789abcdef}"
            })
    void noFaultOfTheConfigurationQuotesASecret(String fault) throws IOException {
        Path file = config("bridge:\n  " + fault + "\n");
        for (String[] words : new String[][] {
            {"check", "--config=" + file}, {"bridge", "check", "--config=" + file}, {"doctor", "--config=" + file}
        }) {
            Cli run = Cli.run(words);
            assertThat(run.exitCode()).as(fault).isEqualTo(Emberwatch.USAGE);
            assertThat(run.err()).contains("emberwatch.yml:2:").doesNotContain(CANARY);
            assertThat(run.out()).doesNotContain(CANARY);
        }
    }
}
