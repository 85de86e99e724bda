package io.emberwatch.bridge.outbox;

import java.time.Instant;

/**
 * Something that somebody did or tried to do, for the audit.
 *
 * @param who a name, as far as it is known
 * @param via {@code mattermost}, {@code mail}, {@code api}, {@code bridge}
 * @param action what, such as {@code ack}
 * @param incident about which incident, or the empty string
 * @param result {@code done}, or why not
 * @param detail more about it
 */
public record Deed(Instant at, String who, String via, String action, String incident, String result, String detail) {}
