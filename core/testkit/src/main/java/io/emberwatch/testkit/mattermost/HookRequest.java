package io.emberwatch.testkit.mattermost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request to an incoming webhook, its types checked as the server's decoder does. */
record HookRequest(
        String text,
        String channel,
        @Nullable List<Map<String, @Nullable Object>> attachments,
        Map<String, @Nullable Object> whole) {
    private static final List<String> TEXTS = List.of(
            "fallback",
            "color",
            "pretext",
            "author_name",
            "author_link",
            "author_icon",
            "title",
            "title_link",
            "text",
            "image_url",
            "thumb_url",
            "footer",
            "footer_icon");

    /** @throws IllegalArgumentException when the body is not JSON or a member has the wrong type */
    static HookRequest parse(String body) {
        Map<String, @Nullable Object> whole = object("body", JsonText.parse(body));
        List<Map<String, @Nullable Object>> attachments = null;
        if (whole.get("attachments") != null) {
            attachments = new ArrayList<>();
            for (Object item : list("attachments", whole.get("attachments"))) {
                attachments.add(attachment(object("attachments", item)));
            }
        }
        for (String name : List.of("username", "icon_url", "icon_emoji", "type")) {
            string(name, whole.get(name));
        }
        if (whole.get("props") != null) {
            object("props", whole.get("props"));
        }
        if (whole.get("priority") != null) {
            Map<String, @Nullable Object> priority = object("priority", whole.get("priority"));
            if (string("priority", priority.get("priority")).isEmpty()) {
                throw new IllegalArgumentException("priority.priority: is required");
            }
        }
        return new HookRequest(
                string("text", whole.get("text")), string("channel", whole.get("channel")), attachments, whole);
    }

    private static Map<String, @Nullable Object> attachment(Map<String, @Nullable Object> attachment) {
        for (String name : TEXTS) {
            string(name, attachment.get(name));
        }
        if (attachment.get("fields") != null) {
            for (Object item : list("fields", attachment.get("fields"))) {
                Map<String, @Nullable Object> field = object("fields", item);
                string("title", field.get("title"));
                if (field.get("short") != null && !(field.get("short") instanceof Boolean)) {
                    throw new IllegalArgumentException("short: expected true or false");
                }
            }
        }
        return attachment;
    }

    boolean isEmpty() {
        return text.isEmpty() && attachments == null;
    }

    /** One post, or several when the text is longer than one can hold; attachments go with the last. */
    List<Post> posts(String hook, String target) {
        List<Post> posts = new ArrayList<>();
        String rest = text;
        while (rest.codePointCount(0, rest.length()) > MattermostStub.POST_RUNES) {
            int end = rest.offsetByCodePoints(0, MattermostStub.POST_RUNES);
            posts.add(new Post(hook, target, rest.substring(0, end), List.of(), whole, System.nanoTime()));
            rest = rest.substring(end);
        }
        posts.add(
                new Post(hook, target, rest, attachments == null ? List.of() : attachments, whole, System.nanoTime()));
        return posts;
    }

    private static String string(String name, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + ": expected a string");
    }

    private static List<?> list(String name, @Nullable Object value) {
        if (value instanceof List<?> items) {
            return items;
        }
        throw new IllegalArgumentException(name + ": expected an array");
    }

    @SuppressWarnings("unchecked") // JsonText makes no other maps
    private static Map<String, @Nullable Object> object(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return (Map<String, @Nullable Object>) members;
        }
        throw new IllegalArgumentException(name + ": expected an object");
    }
}
