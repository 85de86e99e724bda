package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.bridge.email.SmtpPeer;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The message that the bridge sends by itself to see whether it gets through. */
class SelfTestTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final ManualClock clock = new ManualClock(NOON);
    private final ManualScheduler scheduler = new ManualScheduler(clock);

    @TempDir
    Path folder;

    private MattermostStub mattermost;
    private SmtpPeer smtp;
    private Fixture bridge;

    @BeforeEach
    void start() throws IOException {
        mattermost = MattermostStub.start().bot("s3cret");
        mattermost.channel("alerts");
        mattermost.channel("probe");
        smtp = SmtpPeer.start();
        startBridge();
    }

    private void startBridge() throws IOException {
        bridge = Fixture.start(folder, """
                mattermost:
                  - {name: chat, server: "%1$s", token: s3cret, team: ops, channel: alerts}
                  - {name: probe, server: "%1$s", token: s3cret, team: ops, channel: probe,
                     severities: {info: {mention: "@here"}}}
                email: [{name: mail, host: localhost, port: %2$d, tls: none, from: a@example.com, to: [b@example.com]}]
                default_channels: [chat]
                retry: {min_backoff: 1s, max_backoff: 1s}
                self_test: {channels: [probe, mail]}
                reconcile: {interval: 10s}
                """.formatted(mattermost.server(), smtp.port()), clock, scheduler);
    }

    @AfterEach
    void stop() {
        bridge.close();
        smtp.close();
        mattermost.close();
    }

    private double of(String metric, String channel) throws Exception {
        return bridge.metric("emberwatch_bridge_self_test" + metric + "{channel=\"" + channel + "\"");
    }

    private double ended(String channel, String result) {
        try {
            return bridge.metric(
                    "emberwatch_bridge_self_tests_total{channel=\"%s\",result=\"%s\"}".formatted(channel, result));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Lets ten seconds pass at a time until so many tests have ended like this. */
    private void await(String channel, String result, double count) throws InterruptedException {
        Fixture.await(channel + " " + result, PATIENCE, () -> {
            scheduler.advance(Duration.ofSeconds(10));
            return ended(channel, result) >= count;
        });
    }

    @Test
    void itGoesOverItsChannelsAloneAndOnceAnHourAlsoAcrossARestart() throws Exception {
        assertThat(of("_success", "probe")).isEqualTo(1);
        assertThat(of("_last_success_timestamp_seconds", "probe")).isZero();
        await("probe", "arrived", 1);
        await("mail", "arrived", 1);
        assertThat(mattermost.roots()).singleElement().satisfies(post -> {
            assertThat(post.everything()).contains("Test of the way to you", "every 1h", "Nothing is wrong");
            assertThat(post.everything()).as("it disturbs nobody").doesNotContain("@here");
        });
        assertThat(smtp.mails())
                .singleElement()
                .satisfies(mail -> assertThat(mail.text()).contains("Subject: Test of the way to you"));
        assertThat(of("_last_success_timestamp_seconds", "mail")).isGreaterThan(NOON.getEpochSecond() - 1);
        assertThat(of("_duration_seconds", "mail")).isBetween(0.0, 3600.0);
        scheduler.advance(Duration.ofMinutes(30));
        bridge.close();
        startBridge();
        scheduler.advance(Duration.ofMinutes(20));
        assertThat(mattermost.roots()).hasSize(1);
        scheduler.advance(Duration.ofMinutes(11));
        Fixture.await("the next", PATIENCE, () -> mattermost.roots().size() == 2);
    }

    @Test
    void whatDoesNotArriveIsSeenAndSoIsItsArrival() throws Exception {
        await("probe", "arrived", 1);
        await("mail", "arrived", 1);
        smtp.answerReceiver("b@example.com", 550);
        mattermost.otherwise(() -> Fault.answer(503));
        scheduler.advance(Duration.ofHours(1));
        await("mail", "refused", 1);
        await("probe", "late", 1);
        assertThat(of("_success", "probe")).isZero();
        assertThat(of("_success", "mail")).isZero();
        scheduler.advance(Duration.ofMinutes(2));
        assertThat(ended("probe", "late")).as("counted once").isEqualTo(1);
        mattermost.otherwise(() -> Fault.NONE);
        await("probe", "arrived", 2);
        assertThat(of("_success", "probe")).isEqualTo(1);
        assertThat(of("_success", "mail")).isZero();
    }

    @Test
    void aConfigurationThatCannotWorkIsRefused() {
        assertThatThrownBy(() -> Fixture.config("self_test: {channels: [nobody]}"))
                .hasMessageContaining("self_test: there is no channel nobody");
        assertThatThrownBy(() ->
                        Fixture.config("commands: [{name: run, command: [/bin/true]}]\nself_test: {channels: [run]}"))
                .hasMessageContaining("self_test: there is no channel run");
        assertThatThrownBy(() -> Fixture.config("self_test: {channels: [], interval: 1s}"))
                .hasMessageContaining("channels: expected at least one");
        assertThatThrownBy(
                        () -> Fixture.config(
                                "mattermost: [{name: c, url: 'http://127.0.0.1:1/hooks/x'}]\nself_test: {channels: [c], timeout: 2h}"))
                .hasMessageContaining("timeout: expected at least 1s, and less than interval");
    }
}
