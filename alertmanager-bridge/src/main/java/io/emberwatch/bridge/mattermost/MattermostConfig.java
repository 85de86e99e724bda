package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.template.TemplateConfig;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Mattermost channel: behind an incoming webhook, or through a bot account, which can change its posts. With both, the
 * webhook is used while the bot is refused.
 *
 * @param name what routes and metrics call it
 * @param url the incoming webhook's address, which is a secret
 * @param server the server's address, for a bot
 * @param token the bot's access token
 * @param team the team of the bot's channel; not needed when {@code channel} is an identifier
 * @param channel the channel to post to; absent for the webhook's own
 * @param username the name that a webhook's posts show; absent for the webhook's own
 * @param iconUrl the picture that a webhook's posts show
 * @param iconEmoji an emoji instead of the picture, without colons
 * @param threadLog which changes are told as replies to a bot's post
 * @param fields labels that posts show as fields, where all or some alerts have them
 * @param severities how loud posts are, by severity: {@code critical}, {@code warning}, {@code info}
 * @param template texts in place of the built-in ones
 * @param timeZone of times in its posts; absent for the bridge's
 * @param maxText how many characters a post may show, at most 16383
 * @param maxBody how large a request may be; the server's {@code MaximumPayloadSizeBytes} is 300000 by default
 * @param timeout for a request, connecting included
 * @param ratePerSecond how many posts a second on average
 * @param burst how many posts at once
 * @param concurrency how many requests at once
 */
public record MattermostConfig(
        String name,
        @Nullable Secret url,
        @Nullable URI server,
        @Nullable Secret token,
        @Nullable String team,
        @Nullable String channel,
        @Nullable String username,
        @Nullable String iconUrl,
        @Nullable String iconEmoji,
        @Default("all") ThreadLog threadLog,
        @Default("[]") List<String> fields,
        @Default("{}") Map<String, SeverityStyle> severities,
        @Default("{}") TemplateConfig template,
        @Nullable String timeZone,
        @Default("16383") int maxText,
        @Default("300kB") ByteSize maxBody,
        @Default("10s") Duration timeout,
        @Default("10") double ratePerSecond,
        @Default("20") int burst,
        @Default("4") int concurrency) {
    static final int MIN_TEXT = 1000;
    static final int MAX_TEXT = 16_383;
    static final int MIN_BODY = 20_000;
    static final int MAX_FIELDS = 8;

    /** Which changes of an incident are told as replies to its post. */
    public enum ThreadLog {
        /** Every one. */
        ALL,
        /** Those that people should look up for: more alerts, a worse severity. */
        RISES,
        /** None. */
        NONE
    }

    public MattermostConfig {
        if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
            throw new IllegalArgumentException(
                    "name: " + name + ": expected letters, digits, '_', '.' and '-', at most 64");
        }
        if (url != null && !url.reveal().matches("https?://[^\\s/]+/\\S+")) {
            throw new IllegalArgumentException("url: expected http(s)://host/hooks/… (not shown, as it is a secret)");
        }
        checkBot(url, server, token, team, channel);
        Times.requireZone(timeZone);
        if (template.html() != null) {
            throw new IllegalArgumentException("template: html is for mails");
        }
        fields = List.copyOf(fields);
        if (fields.size() > MAX_FIELDS) {
            throw new IllegalArgumentException("fields: at most " + MAX_FIELDS);
        }
        severities = Map.copyOf(severities);
        for (String severity : severities.keySet()) {
            if (!severity.equals(Severity.of(severity).word())) {
                throw new IllegalArgumentException("severities: " + severity + ": expected critical, warning or info");
            }
        }
        if (maxText < MIN_TEXT || maxText > MAX_TEXT) {
            throw new IllegalArgumentException("max_text: " + maxText + ": expected " + MIN_TEXT + " to " + MAX_TEXT);
        }
        if (maxBody.bytes() < MIN_BODY) {
            throw new IllegalArgumentException("max_body: expected at least " + MIN_BODY + " bytes");
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: must be above zero");
        }
        if (!(ratePerSecond > 0) || burst < 1 || concurrency < 1) {
            throw new IllegalArgumentException("rate_per_second must be above 0, burst and concurrency at least 1");
        }
    }

    private static void checkBot(
            @Nullable Secret url,
            @Nullable URI server,
            @Nullable Secret token,
            @Nullable String team,
            @Nullable String channel) {
        if ((server == null) != (token == null)) {
            throw new IllegalArgumentException("server: must be given together with token");
        }
        if (url == null && server == null) {
            throw new IllegalArgumentException("url: give the webhook's address, or server and token of a bot");
        }
        if (server != null) {
            if (String.valueOf(server.getRawAuthority()).contains("@")) {
                throw new IllegalArgumentException(
                        "server: expected an address without a password in it; a bot has a token");
            }
            if (server.getHost() == null || !String.valueOf(server.getScheme()).matches("https?")) {
                throw new IllegalArgumentException("server: " + server + ": expected an address such as https://chat");
            }
            if (channel == null || (team == null && !isIdentifier(channel))) {
                throw new IllegalArgumentException(
                        "channel: a bot needs the channel's identifier, or team and channel");
            }
        }
    }

    static boolean isIdentifier(String channel) {
        return channel.matches("[a-z0-9]{26}");
    }

    boolean isBot() {
        return server != null;
    }

    SeverityStyle style(Severity severity) {
        return severities.getOrDefault(severity.word(), SeverityStyle.PLAIN);
    }
}
