package io.emberwatch.bridge.mattermost;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.delivery.SingleMessage;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.model.Labels;
import io.emberwatch.testkit.mattermost.BotPost;
import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BotChannelTest {
    private final CollectorRegistry registry = new CollectorRegistry();
    private final BridgeMetrics metrics = new BridgeMetrics(registry);
    private MattermostStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = MattermostStub.start().bot("s3cret");
        stub.channel("alerts");
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private BotChannel channel(String more) {
        return new BotChannel(
                PostWriterTest.config("""
                        name: chat
                        server: "%s"
                        token: s3cret
                        team: ops
                        channel: alerts
                        timeout: 1s
                        """.formatted(stub.server()) + more),
                new BotChannel.Surroundings(Samples.STYLE, Buttons.NONE, metrics.channel("chat")));
    }

    private BotChannel channel() {
        return channel("");
    }

    private static Message message(Notification notification, int seq, @Nullable String reference) {
        return Samples.message(notification, seq, reference);
    }

    /** Delivers to the end; the answer is the reference. */
    private static String deliver(BotChannel channel, Message message) {
        Message.Attempt attempt = message.attempt();
        for (int call = 0; call < 1000; call++) {
            Outcome outcome =
                    channel.deliver(new Message(message.incident(), message.content(), attempt, message.standing()));
            if (outcome instanceof Outcome.Delivered delivered) {
                return String.valueOf(delivered.reference());
            } else if (outcome instanceof Outcome.Progressed progressed) {
                attempt = new Message.Attempt(1, attempt.unsure(), attempt.reference(), progressed.progress());
            } else if (outcome instanceof Outcome.Retry retry) {
                attempt = new Message.Attempt(
                        attempt.number() + 1,
                        attempt.unsure() || retry.unsure(),
                        attempt.reference(),
                        retry.progress());
            } else {
                throw new AssertionError(outcome);
            }
        }
        throw new AssertionError("it does not end");
    }

    private static NotifiedAlert warning(String instance) {
        return Samples.alert(
                true, Labels.of("alertname", "Ill", "instance", instance, "severity", "warning"), Labels.EMPTY);
    }

    @Test
    void anIncidentIsOnePostThatChangesAndTurnsGreen() {
        String reference = deliver(channel(), message(Samples.group(Samples.firing("Ill", "a")), 0, null));
        assertThat(stub.roots()).hasSize(1);
        assertThat(stub.roots().get(0).colors()).containsExactly("#a30200");
        assertThat(stub.roots().get(0).everything()).contains("[FIRING:1] Ill prod");
        reference = deliver(
                channel(),
                message(Samples.group(Samples.firing("Ill", "a"), Samples.firing("Ill", "b")), 1, reference));
        reference = deliver(channel(), message(Samples.group(Samples.resolved("Ill", "a")), 2, reference));
        assertThat(stub.roots()).hasSize(1);
        BotPost post = stub.roots().get(0);
        assertThat(post.edits()).isEqualTo(2);
        assertThat(post.colors()).containsExactly("#2eb886");
        assertThat(post.everything()).contains("[RESOLVED] Ill prod");
        assertThat(stub.replies(post.id()))
                .extracting(BotPost::message)
                .containsExactly("12:09:03 2 firing, critical", "12:09:03 resolved");
        assertThat(reference).isEqualTo(post.id() + " critical 2");
    }

    @Test
    void howLoudAPostIsDependsOnItsSeverity() {
        BotChannel channel = channel("""
                thread_log: rises
                severities:
                  critical: {priority: urgent, requested_ack: true, mention: "@channel"}
                  warning: {mention: "@ops"}
                """);
        String reference = deliver(channel, message(Samples.group(warning("a")), 0, null));
        BotPost post = stub.roots().get(0);
        assertThat(post.message()).isEqualTo("@ops");
        assertThat(post.priority()).isEmpty();
        reference = deliver(channel, message(Samples.group(warning("a"), Samples.firing("Ill", "b")), 1, reference));
        reference = deliver(channel, message(Samples.group(warning("a"), Samples.firing("Ill", "b")), 2, reference));
        deliver(channel, message(Samples.group(Samples.resolved("Ill", "b")), 3, reference));
        assertThat(stub.replies(post.id()))
                .as("a worse severity is told aloud, the rest is not")
                .extracting(BotPost::message)
                .containsExactly("@channel 12:09:03 2 firing, critical");
        deliver(channel, other(Samples.group(Samples.firing("Other", "c"))));
        assertThat(stub.roots().get(1).priority()).isEqualTo("urgent");
        assertThat(stub.roots().get(1).message()).isEqualTo("@channel");
    }

    private static Message other(Notification notification) {
        return SingleMessage.of(notification, "2z-other", 0, Samples.TOLD);
    }

    @Test
    void fieldsShowWhatTheLabelsSay() {
        deliver(
                channel("fields: [cluster, instance, nothing]\n"),
                Samples.message(
                        Samples.firing("Ill", "a"),
                        Samples.firing("Ill", "@all"),
                        Samples.firing("Ill", "c"),
                        Samples.firing("Ill", "d")));
        assertThat(stub.roots().get(0).everything())
                .contains("cluster: prod")
                .containsPattern("instance: .*, …")
                .doesNotContain("nothing:")
                .doesNotContain("@all");
    }

    @Test
    void whatMayHaveArrivedIsNotPostedAgain() {
        BotChannel channel = channel();
        String reference = null;
        for (int i = 0; i < 200; i++) {
            Message message = SingleMessage.of(Samples.group(Samples.firing("Ill", "a")), "inc-" + i, 0, Instant.now());
            List<Fault> faults = new ArrayList<>();
            if (i == 0) {
                faults.addAll(List.of(Fault.NONE, Fault.NONE)); // who the bot is and where
            }
            faults.add(
                    i % 2 == 0
                            ? Fault.reset().afterPosting()
                            : Fault.answer(500).afterPosting());
            stub.script(faults.toArray(Fault[]::new));
            if (i % 3 == 0) {
                assertThat(channel.deliver(message)).isInstanceOf(Outcome.Retry.class);
                stub.forgetPending();
                message = new Message(message.incident(), message.content(), new Message.Attempt(2, true, null, null));
            }
            reference = deliver(channel, message);
        }
        assertThat(reference).isNotNull();
        assertThat(stub.botPosts()).hasSize(200);
    }

    @Test
    void whatMayHaveArrivedIsFoundBehindThousandsOfOtherPosts() {
        BotChannel channel = channel();
        stub.script(Fault.NONE, Fault.NONE, Fault.reset().afterPosting());
        Message message = SingleMessage.of(Samples.group(Samples.firing("Ill", "a")), "inc-1", 0, Instant.now());
        assertThat(channel.deliver(message)).isInstanceOf(Outcome.Retry.class);
        String post = stub.botPosts().get(0).id();
        stub.forgetPending();
        stub.chatter("alerts", 6000);
        String reference = deliver(channel, message.with(new Message.Attempt(2, true, null, null)));
        assertThat(reference).startsWith(post + " ");
        assertThat(stub.botPosts()).as("not posted again").hasSize(6001);
    }

    @Test
    void whatMayHaveArrivedIsLookedForAsFarBackAsItCanBeAndNoFurther() {
        BotChannel channel = channel();
        AtomicInteger pages = new AtomicInteger();
        stub.otherwiseBy(request -> {
            if (request.matches("GET /api/v4/channels/[^/]+/posts")) {
                pages.incrementAndGet();
            }
            return Fault.NONE;
        });
        stub.chatter("alerts", 1000);
        Instant later = Instant.now().plus(Duration.ofHours(1));
        Message message = SingleMessage.of(Samples.group(Samples.firing("Ill", "a")), "inc-1", 0, later);
        deliver(channel, message.with(new Message.Attempt(2, true, null, null)));
        assertThat(pages).as("all posts are older than the message").hasValue(1);
        Message older = SingleMessage.of(Samples.group(Samples.firing("Ill", "b")), "inc-2", 0, Instant.now());
        deliver(channel, older.with(new Message.Attempt(2, true, null, null)));
        assertThat(pages).as("any post may be it").hasValue(1 + 6);
    }

    @Test
    void aThousandAlertsStandInOnePostAndItsReplies() {
        List<NotifiedAlert> alerts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            alerts.add(Samples.alert(
                    true,
                    Labels.of("alertname", "Ill", "instance", "host-" + i + ".example"),
                    Labels.of("summary", "x".repeat(400), "description", "é".repeat(200))));
        }
        BotChannel channel = channel("thread_log: none\n");
        String reference = deliver(channel, message(Samples.group(alerts), 0, null));
        assertThat(stub.roots()).hasSize(1);
        String root = stub.roots().get(0).id();
        int parts = stub.replies(root).size();
        assertThat(parts).isGreaterThan(30);
        StringBuilder all = new StringBuilder();
        stub.botPosts().forEach(post -> all.append(post.everything()));
        assertThat(Pattern.compile("instance=(host-[0-9]+)\\.example")
                        .matcher(all)
                        .results()
                        .map(found -> found.group(1)))
                .hasSize(1000)
                .doesNotHaveDuplicates();
        String same = deliver(channel, message(Samples.group(alerts), 1, reference));
        assertThat(same).isEqualTo(reference);
        assertThat(stub.botPosts()).as("the same posts, changed").hasSize(parts + 1);
        deliver(channel, message(Samples.group(Samples.resolved("Ill", "a")), 2, reference));
        assertThat(stub.replies(root)).as("what is not needed any more is gone").isEmpty();
    }

    @Test
    void aRefusedBotIsReplacedByTheWebhookAndSaysSo() {
        stub.bot(null);
        BotChannel channel = channel("url: \"" + stub.url("alerts") + "\"\n");
        assertThat(channel.deliver(message(Samples.group(Samples.firing("Ill", "a")), 0, null)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(stub.posts()).hasSize(1);
        assertThat(fallback()).isEqualTo(1);
        stub.bot("s3cret");
        deliver(channel, other(Samples.group(Samples.firing("Other", "a"))));
        assertThat(stub.roots()).hasSize(1);
        assertThat(fallback()).isZero();
    }

    private double fallback() {
        return registry.getSampleValue(
                "emberwatch_bridge_channel_fallback", new String[] {"channel"}, new String[] {"chat"});
    }

    @Test
    void aRefusedBotWithoutAWebhookWaits() {
        stub.bot("other");
        assertThat(channel().deliver(message(Samples.group(Samples.firing("Ill", "a")), 0, null)))
                .isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
                    assertThat(retry.code()).isEqualTo("401");
                    assertThat(retry.scope()).isEqualTo(Outcome.Scope.CHANNEL);
                });
    }

    @Test
    void aDeletedPostIsMadeAnewAndOneThatMayNotChangeIsAnswered() {
        BotChannel channel = channel("thread_log: none\n");
        String reference = deliver(channel, message(Samples.group(Samples.firing("Ill", "a")), 0, null));
        stub.deletePost(stub.roots().get(0).id());
        stub.forgetPending();
        reference = deliver(channel, message(Samples.group(Samples.resolved("Ill", "a")), 1, reference));
        assertThat(stub.roots()).hasSize(1);
        String root = stub.roots().get(0).id();
        assertThat(reference).startsWith(root);
        stub.editable(false);
        deliver(channel, message(Samples.group(Samples.firing("Ill", "z")), 2, reference));
        assertThat(stub.roots()).hasSize(1);
        assertThat(stub.replies(root)).hasSize(1);
        assertThat(stub.replies(root).get(0).everything()).contains("instance=z");
    }

    @Test
    void aStormIsOnePostThatListsEveryIncident() {
        List<Message.Brief> briefs = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            briefs.add(new Message.Brief(
                    "i" + i,
                    "Ill" + i / 500,
                    Labels.of("instance", "host-" + i + ".example"),
                    Severity.WARNING,
                    i % 10 == 0 ? 0 : 1,
                    i % 10 == 0 ? 1 : 0));
        }
        deliver(
                channel(),
                new Message(
                        new Message.Incident("digest-1", 0, "", Labels.EMPTY),
                        new Message.Digest(Samples.TOLD, briefs),
                        Message.Attempt.FIRST));
        assertThat(stub.roots()).hasSize(1);
        StringBuilder all = new StringBuilder();
        stub.botPosts().forEach(post -> all.append(post.everything()).append('\n'));
        assertThat(all).contains("[STORM] 1800 incidents, 200 resolved");
        for (int i = 0; i < 2000; i++) {
            assertThat(all.indexOf("host-" + i + ".example"))
                    .as("incident " + i)
                    .isPositive();
        }
        assertThat(stub.botPosts().size()).isLessThan(20);
    }

    @Test
    void aSlowServerIsAskedAgainLater() {
        stub.script(Fault.hang(Duration.ofSeconds(3)));
        assertThat(channel().deliver(message(Samples.group(Samples.firing("Ill", "a")), 0, null)))
                .isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
                    assertThat(retry.code()).isEqualTo("timeout");
                    assertThat(retry.unsure()).isTrue();
                });
    }
}
