package io.emberwatch.e2e;

import io.emberwatch.testkit.mattermost.BotPost;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Posts of groups that are called {@code Crash} with a number, of which each is to be posted once. */
final class CrashPosts {
    private static final Pattern GROUP = Pattern.compile("] (Crash[0-9]+)");

    private CrashPosts() {}

    /** How often each group was posted. */
    static Map<String, Integer> of(MattermostStub chat) {
        Map<String, Integer> posts = new HashMap<>();
        for (BotPost post : chat.botPosts()) {
            Matcher group = GROUP.matcher(post.everything());
            if (group.find()) {
                posts.merge(group.group(1), 1, Integer::sum);
            }
        }
        return posts;
    }
}
