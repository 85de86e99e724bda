package io.emberwatch.push.notify;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a notification topic holds. */
public sealed interface TopicMessage {
    /**
     * For a chat, in the format of Grafana's notifications.
     *
     * @param clientUrl where to look, or null
     * @param details more text, or null
     */
    record Chat(
            String description,
            @Nullable String clientUrl,
            @Nullable String details) implements TopicMessage {
        public Chat {
            Objects.requireNonNull(description, "description");
        }

        /** All there is, a line for each part. */
        public String text() {
            return description + (clientUrl == null ? "" : "\n" + clientUrl) + (details == null ? "" : "\n" + details);
        }
    }

    /** For people by mail; at least one address. */
    record Mail(String subject, String body, List<String> toAddresses) implements TopicMessage {
        public Mail {
            Objects.requireNonNull(subject, "subject");
            Objects.requireNonNull(body, "body");
            toAddresses = List.copyOf(toAddresses);
            if (toAddresses.isEmpty()) {
                throw new IllegalArgumentException("to_addresses: expected at least one address");
            }
        }
    }
}
