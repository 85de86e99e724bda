package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Payload;
import java.time.Instant;

/**
 * Something that was received, as it is kept.
 *
 * @param format one of the constants of this class
 * @param repeats how often its state had been repeated by then
 */
public record InboxRow(
        long id,
        Instant received,
        String format,
        String receiver,
        String incident,
        int seq,
        int repeats,
        String headline,
        String detail,
        Payload raw) {
    /** The raw request is an Alertmanager webhook body, version 4. */
    public static final String ALERTS = "v4";

    /** Headline and detail say it all; the raw request is what it is about, if anything. */
    public static final String NOTICE = "notice";

    /** Something was done about an incident; the detail says what, its alerts are as they were. */
    public static final String UPDATE = "update";

    /** The raw request is a chat message of a topic. */
    public static final String CHAT = "chat";

    /** The raw request is a mail of a topic. */
    public static final String MAIL = "mail";
}
