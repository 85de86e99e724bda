package io.emberwatch.bridge.mattermost;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done of a message.
 *
 * @param alerts how many alerts were posted
 * @param bytes the largest request that the server takes
 * @param posts the posts that hold them
 * @param told whether all posts are in place, so that the reply in the thread is what is left
 */
record BotProgress(int alerts, long bytes, List<String> posts, boolean told) {
    BotProgress {
        posts = List.copyOf(posts);
    }

    static @Nullable BotProgress parse(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,9}/[0-9]{1,12}/[a-z0-9,]*/[01]")) {
            return null;
        }
        String[] parts = text.split("/", -1);
        return new BotProgress(
                Integer.parseInt(parts[0]),
                Long.parseLong(parts[1]),
                parts[2].isEmpty() ? List.of() : List.of(parts[2].split(",", -1)),
                parts[3].equals("1"));
    }

    BotProgress withPost(String id, int next) {
        return new BotProgress(next, bytes, PostReference.plus(posts, id), false);
    }

    BotProgress finished() {
        return new BotProgress(alerts, bytes, posts, true);
    }

    BotProgress smaller() {
        return new BotProgress(alerts, bytes / 2, posts, told);
    }

    @Override
    public String toString() {
        return alerts + "/" + bytes + "/" + String.join(",", posts) + "/" + (told ? 1 : 0);
    }
}
