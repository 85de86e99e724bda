package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.bridge.email.EmailConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BridgeConfigTest {
    @Test
    void nothingNeedsToBeGiven() {
        BridgeConfig config = ConfigReader.defaults(BridgeConfig.class);
        assertThat(config.listen().toString()).isEqualTo("127.0.0.1:9603");
        assertThat(config.paths()).containsExactly("/api/v1/webhook", "/webhook", "/alertmanager");
        assertThat(config.auth()).isNull();
        assertThat(config.outbox().maxSize().bytes()).isEqualTo(512L << 20);
        assertThat(config.outbox().retention()).isEqualTo(Duration.ofDays(7));
        assertThat(config.channels()).isEmpty();
        assertThat(config.retry().minBackoff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.retry().maxBackoff()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.retry().giveUpAfter()).isEqualTo(Duration.ofDays(3));
        assertThat(config.dedup().window()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.dedup().deliverRepeats()).isTrue();
        assertThat(config.direct().groupBy()).containsExactly("alertname", "cluster", "sensor");
        assertThat(config.direct().groupWait()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.direct().repeatInterval()).isEqualTo(Duration.ofHours(4));
        assertThat(config.timeZone()).isEqualTo("UTC");
    }

    @Test
    void everythingCanBeGiven() {
        BridgeConfig config = Fixture.config("""
                listen: 127.0.0.1:1
                paths: [/hook]
                auth: {bearer_token: t, username: u, password: p}
                outbox: {directory: /var/lib/x, max_size: 1GiB, retention: 1d, dead_letter_retention: 2d}
                mattermost:
                  - name: chat
                    url: https://chat.example/hooks/abc
                    channel: alerts
                    username: Emberwatch
                    icon_url: https://x.example/i.png
                    icon_emoji: fire
                    max_text: 4000
                    max_body: 100kB
                    timeout: 5s
                    rate_per_second: 2.5
                    burst: 3
                    concurrency: 1
                email:
                  - name: ops
                    host: smtp.example
                    port: 465
                    tls: tls
                    ca_file: /etc/ca.pem
                    username: u
                    password: p
                    from: Emberwatch <alerts@example.com>
                    to: [a@example.com, B <b@example.com>]
                    timeout: 7s
                    max_size: 2MiB
                    max_alerts: 20
                    rate_per_second: 1
                    burst: 2
                routes:
                  - {receiver: team, matchers: ['severity="critical"'], channels: [chat, ops], and_next: true}
                default_channels: [chat]
                fallback_channel: ops
                retry: {min_backoff: 2s, max_backoff: 1m, give_up_after: 1h}
                dedup: {window: 5m, deliver_repeats: false}
                direct: {receiver: r, group_by: [a], group_wait: 1s, group_interval: 2s, repeat_interval: 3s,
                         resolve_timeout: 4s}
                external_url: https://bridge.example
                time_zone: Europe/Berlin
                """);
        assertThat(config.channels()).containsExactly("chat", "ops");
        assertThat(config.mattermost().get(0).maxBody().bytes()).isEqualTo(100_000);
        assertThat(config.mattermost().get(0).ratePerSecond()).isEqualTo(2.5);
        assertThat(config.email().get(0).tls()).isEqualTo(EmailConfig.Tls.TLS);
        assertThat(config.email().get(0).caFile()).isEqualTo(Path.of("/etc/ca.pem"));
        assertThat(config.routes().get(0).andNext()).isTrue();
        assertThat(config.otherwise()).containsExactly("chat");
        assertThat(config.fallback()).containsExactly("ops");
        assertThat(config.dedup().deliverRepeats()).isFalse();
        assertThat(config.externalUrl()).isEqualTo(URI.create("https://bridge.example"));
        assertThat(config.direct().groupBy()).isEqualTo(List.of("a"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    paths: [webhook/]                           | expected paths such as /webhook
                    default_channels: [nobody]                  | there is no channel nobody
                    fallback_channel: nobody                    | there is no channel nobody
                    routes: [{channels: [nobody]}]              | there is no channel nobody
                    routes: [{channels: [], matchers: [oops]}]  | oops: expected a matcher
                    time_zone: Mars                             | Mars: expected a zone such as Europe/Berlin
                    retry: {min_backoff: 0s}                    | expected at least min_backoff
                    outbox: {max_size: 1kB}                     | expected at least 1MiB
                    auth: {username: u}                         | must be given together with password
                    direct: {group_by: [..., a]}                | '...' stands alone
                    mattermost: [{name: a b, url: "http://x/y"}] | expected letters
                    mattermost: [{name: a, url: "nowhere"}]     | expected http(s)://host/hooks/
                    mattermost: [{name: a, url: "http://x/y"}, {name: a, url: "http://x/y"}] | two channels have this name
                    email: [{name: a, host: h, from: me, to: [b@c]}] | from: me: expected one mail address
                    email: [{name: a, host: h, from: a@b, to: []}] | expected at least one address
                    """)
    void whatMakesNoSenseIsRefusedWithTheReason(String yaml, String reason) {
        assertThatThrownBy(() -> ConfigReader.parse("f", yaml, BridgeConfig.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(reason.strip());
    }
}
