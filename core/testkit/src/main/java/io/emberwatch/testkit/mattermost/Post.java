package io.emberwatch.testkit.mattermost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that the stub took.
 *
 * @param hook the incoming webhook that it came through
 * @param channel the channel that the request named, or the hook's own
 * @param text the message
 * @param attachments as sent
 * @param request the whole request, decoded
 * @param nanoTime when it came, comparable to {@link System#nanoTime}
 */
public record Post(
        String hook,
        String channel,
        String text,
        List<Map<String, @Nullable Object>> attachments,
        Map<String, @Nullable Object> request,
        long nanoTime) {

    public Post {
        attachments = List.copyOf(attachments);
    }

    /** The message and everything that the attachments show, one part a line. */
    public String everything() {
        List<String> parts = new ArrayList<>();
        parts.add(text);
        for (Map<String, @Nullable Object> attachment : attachments) {
            for (String key : List.of("pretext", "title", "title_link", "text", "footer")) {
                if (attachment.get(key) instanceof String part) {
                    parts.add(part);
                }
            }
            if (attachment.get("fields") instanceof List<?> fields) {
                for (Object field : fields) {
                    if (field instanceof Map<?, ?> entry) {
                        parts.add(entry.get("title") + ": " + entry.get("value"));
                    }
                }
            }
        }
        return String.join("\n", parts);
    }

    /** The colours of the attachments, in order. */
    public List<String> colors() {
        return attachments.stream()
                .map(attachment -> String.valueOf(attachment.get("color")))
                .toList();
    }
}
