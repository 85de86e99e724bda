package io.emberwatch.testkit.mattermost;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A post as the stub has it now.
 *
 * @param id 26 letters and digits
 * @param root the post that it replies to, or the empty string
 * @param props everything that came with it, attachments included
 * @param priority {@code important}, {@code urgent} or the empty string
 * @param edits how often it was changed
 * @param deleted whether it was deleted
 */
public record BotPost(
        String id,
        String user,
        String channel,
        String root,
        String message,
        Map<String, @Nullable Object> props,
        String priority,
        long createdAt,
        long updatedAt,
        int edits,
        boolean deleted) {

    BotPost edited(String text, Map<String, @Nullable Object> with, long now) {
        return new BotPost(id, user, channel, root, text, with, priority, createdAt, now, edits + 1, deleted);
    }

    BotPost gone(long now) {
        return new BotPost(id, user, channel, root, message, props, priority, createdAt, now, edits, true);
    }

    /** The same text that {@link Post#everything} gives. */
    public String everything() {
        return asPost().everything();
    }

    /** The colours of the attachments, in order. */
    public List<String> colors() {
        return asPost().colors();
    }

    /** The texts of the attachments alone, without titles. */
    public String attachmentTexts() {
        return String.join(
                "\n",
                attachments().stream()
                        .map(attachment -> Json.text(attachment.get("text")))
                        .toList());
    }

    /** The names of the buttons. */
    public List<String> buttons() {
        return attachments().stream()
                .flatMap(attachment -> Json.list(attachment.get("actions")).stream())
                .map(action -> String.valueOf(Json.object(action).get("name")))
                .toList();
    }

    List<Map<String, @Nullable Object>> attachments() {
        return Json.list(props.get("attachments")).stream().map(Json::object).toList();
    }

    private Post asPost() {
        return new Post("", channel, message, attachments(), Map.of(), 0);
    }
}
