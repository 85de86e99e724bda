package io.emberwatch.bridge.action;

import io.emberwatch.bridge.route.Matchers;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people may do from chat and mail.
 *
 * @param secret signs what buttons and links carry; without it there are neither
 * @param previousSecret is still accepted, so that the secret can be changed
 * @param url where Mattermost and people's browsers reach the bridge; absent for {@code external_url}
 * @param users who may act, by name at Mattermost; empty for everybody who sees the post. Links in mails are for those
 *     who get the mail, which limits know as {@code mail:} and the channel's name
 * @param limits alerts that only some may act on; the first whose matchers hold counts
 * @param ack how long the silence of an acknowledgement lasts; it is extended until the incident is over
 * @param maxAck how long an acknowledgement is extended at most
 * @param maxSilence the longest silence that may be asked for
 * @param maxMatched a silence that would match more alerts is refused
 * @param linksExpire after how long buttons and links are of no use any more
 * @param reminder how long before a silence ends that is said, while its alerts fire
 * @param page who may act from the page of notifications; limits and {@code users} know them as {@code page}
 */
public record ActionConfig(
        @Nullable Secret secret,
        @Nullable Secret previousSecret,
        @Nullable URI url,
        @Default("[]") List<String> users,
        @Default("[]") List<Limit> limits,
        @Default("15m") Duration ack,
        @Default("24h") Duration maxAck,
        @Default("30d") Duration maxSilence,
        @Default("100") int maxMatched,
        @Default("7d") Duration linksExpire,
        @Default("10m") Duration reminder,
        @Default("local") Page page) {
    private static final int MIN_SECRET = 16;

    /** Who may act from the page of notifications. */
    public enum Page {
        /** Whoever opens it on the bridge's own machine. */
        LOCAL,
        /** Everybody who reaches it. */
        ALL,
        /** Nobody. */
        NONE
    }

    /**
     * Alerts that only some people may act on.
     *
     * @param matchers which alerts
     * @param users who may
     */
    public record Limit(List<String> matchers, List<String> users) {
        public Limit {
            matchers = List.copyOf(matchers);
            users = List.copyOf(users);
            try {
                new Matchers(matchers);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("matchers: " + e.getMessage(), e);
            }
        }
    }

    public ActionConfig {
        users = List.copyOf(users);
        limits = List.copyOf(limits);
        if (secret != null && secret.reveal().length() < MIN_SECRET) {
            throw new IllegalArgumentException("secret: expected at least " + MIN_SECRET + " characters");
        }
        if (ack.toMinutes() < 1 || maxAck.compareTo(ack) < 0) {
            throw new IllegalArgumentException("ack: expected at least 1m, and max_ack at least as long");
        }
        if (maxSilence.isNegative() || maxSilence.isZero() || linksExpire.isNegative() || reminder.isNegative()) {
            throw new IllegalArgumentException("max_silence, links_expire and reminder: must be above zero");
        }
        if (maxMatched < 1) {
            throw new IllegalArgumentException("max_matched: expected at least 1");
        }
    }
}
