package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.bridge.email.SmtpPeer;
import io.emberwatch.model.Labels;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeCommandsTest {
    @TempDir
    Path data;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T12:00:00Z"));
    private MattermostStub mattermost;
    private SmtpPeer smtp;
    private BridgeConfig config;
    private ServiceContext context;

    @BeforeEach
    void start() throws IOException {
        mattermost = MattermostStub.start();
        smtp = SmtpPeer.start();
        config = Fixture.config("""
                mattermost: [{name: chat, url: "%s"}]
                email: [{name: ops, host: localhost, port: %d, tls: none, from: a@example.com, to: [b@example.com]}]
                routes: [{receiver: team, matchers: ['severity="critical"'], channels: [chat]}]
                """.formatted(mattermost.url("alerts"), smtp.port()));
        context = new ServiceContext(clock, new ManualScheduler(clock), data, data);
    }

    @AfterEach
    void stop() {
        mattermost.close();
        smtp.close();
    }

    private String output() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void checkSaysWhereThingsGo() {
        assertThat(BridgeCommands.check(config, out)).isEqualTo(BridgeCommands.OK);
        assertThat(output().lines())
                .containsExactly(
                        "channel chat: Mattermost",
                        "channel ops: mail to b@example.com through localhost:" + smtp.port(),
                        "route team severity=\"critical\" -> chat",
                        "otherwise -> chat, ops");
    }

    @Test
    void sendTestTriesEveryChannelAndSaysWhatHappened() {
        assertThat(BridgeCommands.sendTest(config, context, null, out)).isEqualTo(BridgeCommands.OK);
        assertThat(mattermost.posts()).hasSize(2);
        assertThat(mattermost.posts().get(1).everything()).contains("[RESOLVED] EmberwatchTest");
        assertThat(smtp.mails()).hasSize(2);
        assertThat(smtp.mails().get(1).text()).contains("In-Reply-To: <em.ops.test-");
        mattermost.script(Fault.answer(403), Fault.answer(403));
        assertThat(BridgeCommands.sendTest(config, context, "chat", out)).isEqualTo(BridgeCommands.FAILED);
        assertThat(output()).contains("chat: firing: failed, would be tried again: 403 scripted.app_error");
        assertThat(BridgeCommands.sendTest(config, context, "nobody", out)).isEqualTo(BridgeCommands.USAGE);
    }

    @Test
    void renderShowsWhatWouldBeSentAndSendsNothing() {
        byte[] payload = Payloads.group("Ill").firing("a").body().getBytes(StandardCharsets.UTF_8);
        assertThat(BridgeCommands.render(config, context, payload, null, out)).isEqualTo(BridgeCommands.OK);
        assertThat(output())
                .contains("routed to: chat", "--- chat", "[FIRING:1] Ill")
                .doesNotContain("--- ops");
        assertThat(BridgeCommands.render(config, context, payload, "ops", out)).isEqualTo(BridgeCommands.OK);
        assertThat(output()).contains("--- ops", "Subject: [FIRING:1] Ill");
        assertThat(BridgeCommands.render(config, context, new byte[] {'{'}, null, out))
                .isEqualTo(BridgeCommands.FAILED);
        assertThat(mattermost.posts()).isEmpty();
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void whatWasReceivedCanBeShownAgainAsItWouldBeSentNow() throws Exception {
        try (Fixture bridge = Fixture.start(data, "{}")) {
            bridge.post("/webhook/team", Payloads.group("Ill").firing("a").body());
            assertThat(BridgeCommands.renderStored(config, context, 1, null, out))
                    .isEqualTo(BridgeCommands.OK);
            assertThat(output()).contains("--- chat", "[FIRING:1] Ill");
            assertThat(BridgeCommands.renderStored(config, context, 2, null, out))
                    .isEqualTo(BridgeCommands.FAILED);
            assertThat(output()).contains("2: there is no such notification");
        }
        assertThat(mattermost.posts()).isEmpty();
    }

    @Test
    void routeSaysWhereAnAlertWouldGo() {
        BridgeCommands.route(config, "team", Labels.of("severity", "critical"), out);
        assertThat(output()).isEqualTo("chat\n");
        bytes.reset();
        BridgeCommands.route(config, "", Labels.of("severity", "critical"), out);
        assertThat(output()).isEqualTo("chat\nops\n");
    }

    @Test
    void deadLettersAreListedAndSentAgainBesideTheRunningBridge() throws Exception {
        mattermost.script(Fault.answer(400));
        assertThatThrownBy(() -> BridgeCommands.deadLetters(config, context, false, out))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no outbox");
        try (Fixture bridge = Fixture.start(data, """
                mattermost: [{name: chat, url: "%s"}]
                """.formatted(mattermost.url("alerts")))) {
            bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
            Fixture.await("dead letter", Duration.ofSeconds(10), () -> lists("[FIRING:1] Ill"));
            bytes.reset();
            assertThat(BridgeCommands.deadLetter(config, context, 1, out)).isEqualTo(BridgeCommands.OK);
            assertThat(output()).isEqualTo(Payloads.group("Ill").firing("a").body() + System.lineSeparator());
            assertThat(BridgeCommands.deadLetter(config, context, 7, out)).isEqualTo(BridgeCommands.FAILED);
            assertThat(BridgeCommands.discard(config, context, List.of(7L), out))
                    .isEqualTo(BridgeCommands.FAILED);
            assertThat(BridgeCommands.replay(config, context, List.of(7L), out)).isEqualTo(BridgeCommands.FAILED);
            assertThat(BridgeCommands.replay(config, context, List.of(), out)).isEqualTo(BridgeCommands.OK);
            assertThat(output()).contains("7: there is no such dead letter", "1: queued for chat");
            assertThat(mattermost.awaitPosts(1, Duration.ofSeconds(20))).hasSize(1);
        }
        bytes.reset();
        assertThat(BridgeCommands.deadLetters(config, context, false, out)).isEqualTo(BridgeCommands.OK);
        assertThat(output()).contains("there are no dead letters");
    }

    @Test
    void deadLettersThatNobodyWantsAreDiscarded() throws Exception {
        mattermost.script(Fault.answer(400));
        try (Fixture bridge = Fixture.start(data, """
                mattermost: [{name: chat, url: "%s"}]
                """.formatted(mattermost.url("alerts")))) {
            bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
            Fixture.await("dead letter", Duration.ofSeconds(10), () -> lists("[FIRING:1] Ill"));
        }
        assertThat(BridgeCommands.discard(config, context, List.of(1L), out)).isEqualTo(BridgeCommands.OK);
        assertThat(output()).endsWith("1: discarded" + System.lineSeparator());
        assertThat(lists("there are no dead letters")).isTrue();
        assertThat(mattermost.posts()).isEmpty();
    }

    private boolean lists(String text) {
        bytes.reset();
        try {
            BridgeCommands.deadLetters(config, context, false, out);
        } catch (IOException e) {
            return false;
        }
        return output().contains(text);
    }
}
