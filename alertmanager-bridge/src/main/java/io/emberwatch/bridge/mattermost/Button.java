package io.emberwatch.bridge.mattermost;

import java.util.Map;

/**
 * Something that a reader of a post can do.
 *
 * @param id letters and digits
 * @param style {@code default}, {@code primary}, {@code good}, {@code warning}, {@code danger}
 * @param url where Mattermost posts to
 * @param context what it posts, which clients never see
 */
public record Button(String id, String name, String style, String url, Map<String, String> context) {
    public Button {
        context = Map.copyOf(context);
    }
}
