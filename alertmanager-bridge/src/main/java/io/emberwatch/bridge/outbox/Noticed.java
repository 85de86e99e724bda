package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Payload;
import java.time.Instant;
import java.util.List;

/**
 * Something to report that is no notification: a payload that could not be read, or a trouble of the bridge's own.
 *
 * @param format {@link InboxRow#NOTICE}, {@link InboxRow#CHAT} or {@link InboxRow#MAIL}
 * @param kind what notices that may be told together have in common, such as {@code unparsable}
 * @param receiver where it came in, or the empty string
 * @param title what happened, the same for all of the kind
 * @param text what happened this time
 * @param raw the request as it came, or nothing
 * @param channels who is told
 */
public record Noticed(
        String format,
        String kind,
        String receiver,
        String title,
        String text,
        Payload raw,
        List<String> channels,
        Instant at) {
    public Noticed {
        channels = List.copyOf(channels);
    }

    /** Something that concerns the bridge itself. */
    public Noticed(
            String kind, String receiver, String title, String text, Payload raw, List<String> channels, Instant at) {
        this(InboxRow.NOTICE, kind, receiver, title, text, raw, channels, at);
    }
}
