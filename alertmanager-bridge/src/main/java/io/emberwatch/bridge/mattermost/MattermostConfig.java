package io.emberwatch.bridge.mattermost;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A Mattermost channel behind an incoming webhook.
 *
 * @param name what routes and metrics call it
 * @param url the webhook's address, which is a secret
 * @param channel the channel to post to; absent for the webhook's own
 * @param username the name that posts show; absent for the webhook's own
 * @param iconUrl the picture that posts show
 * @param iconEmoji an emoji instead of the picture, without colons
 * @param maxText how many characters a post may show, at most 16383
 * @param maxBody how large a request may be; the server's {@code MaximumPayloadSizeBytes} is 300000 by default
 * @param timeout for a request, connecting included
 * @param ratePerSecond how many posts a second on average
 * @param burst how many posts at once
 * @param concurrency how many requests at once
 */
public record MattermostConfig(
        String name,
        Secret url,
        @Nullable String channel,
        @Nullable String username,
        @Nullable String iconUrl,
        @Nullable String iconEmoji,
        @Default("16383") int maxText,
        @Default("300kB") ByteSize maxBody,
        @Default("10s") Duration timeout,
        @Default("10") double ratePerSecond,
        @Default("20") int burst,
        @Default("4") int concurrency) {
    static final int MIN_TEXT = 1000;
    static final int MAX_TEXT = 16_383;
    static final int MIN_BODY = 20_000;

    public MattermostConfig {
        if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
            throw new IllegalArgumentException(
                    "name: " + name + ": expected letters, digits, '_', '.' and '-', at most 64");
        }
        if (!url.reveal().matches("https?://[^\\s/]+/\\S+")) {
            throw new IllegalArgumentException("url: expected http(s)://host/hooks/… (not shown, as it is a secret)");
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
}
