package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emberwatch.testkit.mattermost.BotPost;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Posts as a browser shows them: read by marked, whose descendant Mattermost reads them with. What an alert says is there to
 * be read, and nothing of it is a link, a mention or markup. Needs npm, and its registry once.
 */
final class BridgePostsTest {
    private static final String MARKED = "marked@0.8.2";
    private static final Path INSTALLED = Path.of("target/marked").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> EVIL = List.of(
            "@channel @all @here <!channel> <@U12345>",
            "[click](https://evil.example) ![x](https://evil.example/pixel.png)",
            "<script>document.title='evil'</script><img src=x onerror=\"document.title='evil'\">",
            "```fence `code` ~~~",
            "# heading > quote - item 1. one | a | b |",
            "[x][1] [1]: https://evil.example \"y\"",
            "<https://evil.example> <evil@evil.example>",
            "see (https://wiki.example.test/etcd_no_leader_x#a_b), please",
            "**bold** __bold__ _em_ *em* ~~gone~~",
            "C:\\temp\\new \\\\server\\share \\*",
            "&lt;b&gt; &amp; &#64;channel & a < b",
            "javascript:alert(1) data:text/html,x",
            "etcd_disk_wal_fsync_duration_seconds{le=\"0.01\"} != 5 * 2");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final int port;

    BridgePostsTest() throws Exception {
        port = Peers.freePort();
    }

    private static String body(String name, int firing, int resolved, String text) {
        ObjectNode body = JSON.createObjectNode();
        body.put("version", "4")
                .put("groupKey", "{}:{alertname=\"" + name + "\"}")
                .put("receiver", "bridge");
        body.put("truncatedAlerts", 0).put("externalURL", "http://alertmanager.example.test:9093");
        body.put("status", firing > 0 ? "firing" : "resolved");
        body.putObject("groupLabels").put("alertname", name).put("cluster", "prod");
        body.putObject("commonLabels");
        body.putObject("commonAnnotations");
        ArrayNode alerts = body.putArray("alerts");
        for (int i = 0; i < firing + resolved; i++) {
            ObjectNode alert = alerts.addObject();
            alert.put("status", i < firing ? "firing" : "resolved");
            alert.putObject("labels")
                    .put("alertname", name)
                    .put("cluster", "prod")
                    .put("instance", "etcd-" + i)
                    .put("severity", name.startsWith("Mild") ? "warning" : "critical")
                    .put("path", text);
            alert.putObject("annotations")
                    .put("summary", "etcd-" + i + " has had no leader for 3 minutes.")
                    .put("description", text)
                    .put("runbook_url", "https://runbooks.example.test/" + (text.isEmpty() ? name : ""));
            alert.put("startsAt", "2026-03-01T10:00:00Z");
            alert.put("endsAt", i < firing ? "0001-01-01T00:00:00Z" : "2026-03-01T10:09:00Z");
            alert.put("generatorURL", "http://prometheus.example.test:9090/graph?g0.expr=up");
            alert.put("fingerprint", "%016x".formatted(name.hashCode() * 100_000L + i));
        }
        return body.toString();
    }

    private void post(String body) throws Exception {
        assertThat(Http.post("http://127.0.0.1:" + port + "/webhook", "application/json", body)
                        .statusCode())
                .isEqualTo(200);
    }

    private static void awaitPost(MattermostStub chat, String text) throws Exception {
        Peers.await(
                text,
                Duration.ofSeconds(40),
                () -> chat.botPosts().stream()
                        .anyMatch(post -> post.everything().contains(text)));
    }

    @Test
    void whatAnAlertSaysIsReadAsItIsAndIsNeitherLinkNorMentionNorMarkup() throws Exception {
        NpmPackage.install(MARKED, INSTALLED, folder);
        try (MattermostStub chat = MattermostStub.start().bot("s3cret")) {
            chat.channel("alerts");
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    bridge:
                      external_url: https://bridge.example.test
                      mattermost:
                        - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts, fields: [cluster, severity],
                           severities: {critical: {priority: urgent, mention: "@oncall"}}, rate_per_second: 100, burst: 100}
                      actions: {secret: a-secret-of-this-test}
                      calm: {storm_incidents: 3, digest_interval: 2s}
                    """.formatted(chat.server()));
            try (ServerProcess bridge = Program.start(
                    "bridge",
                    folder,
                    "bridge",
                    "--config=" + config,
                    "--listen=127.0.0.1:" + port,
                    "--data=" + folder.resolve("data"))) {
                Peers.await(
                        "it works", Duration.ofSeconds(60), () -> Http.isOk("http://127.0.0.1:" + port + "/-/ready"));
                post(body("EtcdNoLeader", 2, 0, ""));
                awaitPost(chat, "[FIRING:2] EtcdNoLeader");
                post(body("EtcdNoLeader", 3, 0, ""));
                awaitPost(chat, "[FIRING:3] EtcdNoLeader");
                act("EtcdNoLeader");
                awaitPost(chat, "Acknowledged by Anne.");
                post(body("EtcdOver", 1, 1, ""));
                awaitPost(chat, "EtcdOver");
                post(body("EtcdOver", 0, 2, ""));
                awaitPost(chat, "[RESOLVED] EtcdOver");
                post(body("EtcdMany", 120, 0, ""));
                awaitPost(chat, "etcd-119");
                for (int i = 0; i < EVIL.size(); i++) {
                    post(body("Evil" + i, 1, 0, EVIL.get(i)));
                    awaitPost(chat, "Evil" + i + " prod");
                }
                for (int i = 0; i < 30; i++) {
                    post(body("Mild" + i % 4 + "x" + i, 1, 0, "/var/lib/etcd"));
                }
                awaitPost(chat, "[STORM]");
                assertThat(bridge.isAlive()).isTrue();
            }
            look(chat);
        }
    }

    private void act(String name) throws Exception {
        String incident = Http.json("http://127.0.0.1:" + port + "/bridge/notifications?search=" + name)
                .at("/data/notifications/0/incident")
                .asText();
        assertThat(Http.post(
                                "http://127.0.0.1:" + port + "/bridge/incidents/act",
                                "application/json",
                                "{\"action\":\"ack\",\"incident\":\"%s\",\"version\":0,\"who\":\"Anne\"}"
                                        .formatted(incident))
                        .body())
                .contains("acknowledged by Anne");
    }

    private void look(MattermostStub chat) throws Exception {
        Files.copy(INSTALLED.resolve("node_modules/marked/marked.min.js"), folder.resolve("marked.js"));
        Files.copy(Path.of("src/test/chat/posts.html"), folder.resolve("posts.html"));
        ArrayNode posts = JSON.createArrayNode();
        for (BotPost post : chat.botPosts()) {
            ObjectNode one = posts.addObject();
            one.put("root", post.root()).put("message", post.message()).put("priority", post.priority());
            one.put(
                    "about",
                    post.everything()
                            .replaceAll("(?s).*?(Evil[0-9]+) prod.*", "$1")
                            .lines()
                            .findFirst()
                            .orElse(""));
            one.set("attachments", JSON.valueToTree(post.props().get("attachments")));
        }
        Files.writeString(folder.resolve("posts.js"), "const POSTS = " + posts + ";");
        Path kept = Files.createDirectories(Path.of("target/posts"));
        for (String file : List.of("marked.js", "posts.html", "posts.js")) {
            Files.copy(folder.resolve(file), kept.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        try (Browser browser = new Browser(folder)) {
            browser.open(folder.resolve("posts.html").toUri().toString());
            assertThat(browser.evaluate("return document.title")).isEqualTo("Posts as a chat shows them");
            // An address that an alert names may be followed, as it stands there to be read; nothing hides another.
            assertThat(browser.list("""
                    return [...document.querySelectorAll("#posts a")].filter((a) => a.innerText !== a.getAttribute("href"))
                      .map((a) => a.href).filter((href) => !/^https?:\\/\\/(bridge|runbooks|prometheus|alertmanager)\\.example\\.test[:\\/]/.test(href))
                    """)).as("links").isEmpty();
            assertThat(browser.list("""
                    return [...document.querySelectorAll("#posts .text *, #posts .title *, #posts .footer *, #posts .field p *")]
                      .filter((one) => !["P", "STRONG", "A"].includes(one.tagName)).map((one) => one.outerHTML)
                    """)).as("markup").isEmpty();
            assertThat(browser.list("""
                    return [...document.querySelectorAll("#posts strong")].map((one) => one.innerText)
                      .filter((text) => !/^(Etcd|Evil|Mild)[A-Za-z0-9]+$/.test(text))
                    """)).as("bold").isEmpty();
            assertThat(browser.list(
                            "return [...document.querySelectorAll('#posts .mention')].map((one) => one.innerText)"))
                    .as("mentions")
                    .containsOnly("@oncall");
            for (int i = 0; i < EVIL.size(); i++) {
                String shown = browser.evaluate(
                                "return document.querySelector(\"[data-about='Evil%d'] .text\").innerText".formatted(i))
                        .replaceAll("[\u200a\u200b]", "");
                assertThat(shown).as("both as label and as text").contains("\n" + EVIL.get(i) + "\n");
                assertThat(shown).contains("path=" + EVIL.get(i));
            }
            browser.screenshot(Path.of("target/posts.png"));
        }
    }
}
