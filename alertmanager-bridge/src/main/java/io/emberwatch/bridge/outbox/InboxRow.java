package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Payload;
import java.time.Instant;

/**
 * Something that was received, as it is kept.
 *
 * @param format {@link #ALERTS} or {@link #NOTICE}
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
}
