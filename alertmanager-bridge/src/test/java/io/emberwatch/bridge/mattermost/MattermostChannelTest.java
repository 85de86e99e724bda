package io.emberwatch.bridge.mattermost;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.delivery.SingleMessage;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.model.Labels;
import io.emberwatch.testkit.mattermost.Fault;
import io.emberwatch.testkit.mattermost.MattermostStub;
import io.emberwatch.testkit.mattermost.Post;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MattermostChannelTest {
    private static final Message MESSAGE = Samples.message(Samples.firing("Ill", "a"));

    private MattermostStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = MattermostStub.start();
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private MattermostChannel channel(String url, long maxBody) {
        return new MattermostChannel(PostWriterTest.config(url, 16_383, maxBody), Samples.STYLE, () -> {});
    }

    private MattermostChannel channel() {
        return channel(stub.url("alerts"), 300_000);
    }

    @Test
    void deliversToTheHooksChannel() {
        assertThat(channel().deliver(MESSAGE)).isEqualTo(Outcome.Delivered.of("200"));
        assertThat(stub.posts()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, Rejected, ''",
        "401, Retry, CHANNEL",
        "403, Retry, CHANNEL",
        "404, Retry, CHANNEL",
        "302, Retry, CHANNEL",
        "500, Retry, MESSAGE",
        "501, Retry, CHANNEL",
        "502, Retry, CHANNEL",
        "503, Retry, CHANNEL",
        "429, Retry, CHANNEL"
    })
    void everyAnswerHasItsOutcome(int status, String kind, String scope) {
        stub.script(Fault.answer(status));
        Outcome outcome = channel().deliver(MESSAGE);
        assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(outcome.code()).isEqualTo(Integer.toString(status));
        if (outcome instanceof Outcome.Retry retry) {
            assertThat(retry.scope()).isEqualTo(Outcome.Scope.valueOf(scope));
            assertThat(retry.unsure()).isFalse();
        }
    }

    @Test
    void aHookThatIsNotThereMayComeBack() {
        Outcome outcome = channel(stub.url("other"), 300_000).deliver(MESSAGE);
        assertThat(outcome).isInstanceOf(Outcome.Retry.class);
        assertThat(((Outcome.Retry) outcome).reason()).startsWith("web.incoming_webhook.invalid.app_error");
    }

    @Test
    void theWaitThatTheServerAsksForIsKept() {
        stub.limitRate(1, 0);
        assertThat(channel().deliver(MESSAGE)).isInstanceOf(Outcome.Delivered.class);
        Outcome.Retry retry = (Outcome.Retry) channel().deliver(MESSAGE);
        assertThat(retry.code()).isEqualTo("429");
        assertThat(retry.after()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whetherAnythingMayHaveArrivedIsSaid() throws IOException {
        stub.script(Fault.reset(), Fault.hang(Duration.ofSeconds(5)).afterPosting());
        assertThat(channel().deliver(MESSAGE)).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
            assertThat(retry.code()).isEqualTo("reset");
            assertThat(retry.unsure()).isTrue();
        });
        assertThat(channel().deliver(MESSAGE)).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
            assertThat(retry.code()).isEqualTo("timeout");
            assertThat(retry.unsure()).isTrue();
        });
        String url = stub.url("alerts");
        stub.close();
        assertThat(channel(url, 300_000).deliver(MESSAGE)).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
            assertThat(retry.code()).isEqualTo("connect");
            assertThat(retry.unsure()).isFalse();
            assertThat(retry.reason()).doesNotContain("hooks/alerts");
        });
    }

    private static Message large(int count) {
        List<NotifiedAlert> alerts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            alerts.add(Samples.alert(
                    true,
                    Labels.of("alertname", "Ill", "instance", "host-" + i + ".example"),
                    Labels.of("summary", "x".repeat(400), "description", "é".repeat(200))));
        }
        return SingleMessage.of(Samples.group(alerts), "1z-abc", 0, Samples.TOLD);
    }

    @Test
    void aGroupOfAThousandAlertsIsShownInSeveralPostsOneACall() {
        Message message = large(1000);
        Outcome outcome = channel().deliver(message);
        int calls = 1;
        while (outcome instanceof Outcome.Progressed progressed) {
            outcome = channel().deliver(Samples.after(message, progressed.progress()));
            calls++;
        }
        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        assertThat(stub.posts()).hasSize(calls).hasSizeGreaterThan(40);
        String all =
                String.join("\n", stub.posts().stream().map(Post::everything).toList());
        assertThat(Pattern.compile("instance=(host-[0-9]+)\\.example")
                        .matcher(all)
                        .results()
                        .map(found -> found.group(1)))
                .hasSize(1000)
                .doesNotHaveDuplicates();
        assertThat(stub.posts().get(0).attachments().get(0).get("title"))
                .asString()
                .contains("(1–")
                .endsWith(" of 1000)");
    }

    @Test
    void aServerThatTakesLessThanConfiguredGetsLess() {
        Message message = large(700);
        MattermostChannel channel = channel(stub.url("alerts"), 900_000);
        stub.script(Fault.answer(413));
        Outcome.Retry retry = (Outcome.Retry) channel.deliver(message);
        assertThat(retry.progress()).isEqualTo("0/450000");
        assertThat(retry.after()).isEqualTo(Duration.ZERO);
        assertThat(channel.deliver(Samples.after(message, "0/25000")))
                .isInstanceOfSatisfying(
                        Outcome.Progressed.class,
                        progressed -> assertThat(progressed.progress()).endsWith("/25000"));
        stub.script(Fault.answer(413));
        assertThat(channel.deliver(Samples.after(message, "0/25000"))).isInstanceOf(Outcome.Rejected.class);
    }
}
