package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.notification.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an incident is told, and what of it.
 *
 * @param posts the identifiers of its post and of the replies that hold what does not fit into that
 * @param worst the worst severity that people were told of
 * @param most the largest number of firing alerts that people were told of
 */
record PostReference(List<String> posts, Severity worst, int most) {
    PostReference {
        posts = List.copyOf(posts);
    }

    static @Nullable PostReference parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String[] parts = text.split(" ", -1);
        if (parts.length != 3 || !parts[0].matches("[a-z0-9,]+") || !parts[2].matches("[0-9]{1,9}")) {
            return null;
        }
        return new PostReference(List.of(parts[0].split(",", -1)), Severity.of(parts[1]), Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return String.join(",", posts) + " " + worst.word() + " " + most;
    }

    /** This, with a post more at the end. */
    static List<String> plus(List<String> posts, String id) {
        List<String> more = new ArrayList<>(posts);
        more.add(id);
        return more;
    }
}
