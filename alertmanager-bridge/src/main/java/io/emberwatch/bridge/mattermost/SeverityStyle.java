package io.emberwatch.bridge.mattermost;

import io.emberwatch.service.config.Default;
import org.jspecify.annotations.Nullable;

/**
 * How loud posts of one severity are.
 *
 * @param priority {@code important} or {@code urgent}; absent for neither
 * @param requestedAck whether Mattermost asks readers to acknowledge the post
 * @param mention who is mentioned when the incident begins or gets this bad, such as {@code @channel} or {@code @ops}
 */
public record SeverityStyle(
        @Nullable String priority,
        @Default("false") boolean requestedAck,
        @Nullable String mention) {
    static final SeverityStyle PLAIN = new SeverityStyle(null, false, null);

    public SeverityStyle {
        if (priority != null && !priority.matches("important|urgent")) {
            throw new IllegalArgumentException("priority: " + priority + ": expected important or urgent");
        }
        if (mention != null && !mention.matches("@[A-Za-z0-9._-]{1,64}( @[A-Za-z0-9._-]{1,64})*")) {
            throw new IllegalArgumentException(
                    "mention: " + mention + ": expected names such as @ops, apart by blanks");
        }
        if (requestedAck && priority == null) {
            throw new IllegalArgumentException("requested_ack: needs a priority");
        }
    }
}
