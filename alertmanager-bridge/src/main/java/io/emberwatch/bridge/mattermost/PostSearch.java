package io.emberwatch.bridge.mattermost;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.bridge.channel.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Looks for posts of the bridge that may have arrived although their answer did not. */
final class PostSearch {
    private static final int PAGE = 200;
    private static final int KEY_CHARACTERS = 26;
    private static final Duration CLOCK_SLACK = Duration.ofMinutes(10);

    private final MattermostApi api;

    PostSearch(MattermostApi api) {
        this.api = api;
    }

    /**
     * What is looked for.
     *
     * @param part the number of a part of the message
     * @param log the tag of a reply in the thread, instead of a part; or the empty string
     */
    record Wanted(Message message, int part, String log) {
        boolean is(JsonNode post) {
            JsonNode props = post.path("props");
            return post.path("delete_at").asLong() == 0
                    && props.path("em_incident")
                            .asText()
                            .equals(message.incident().id())
                    && (log.isEmpty()
                            ? props.path("em_part").asInt(-1) == part && !props.has("em_log")
                            : props.path("em_log").asText().equals(log));
        }

        // When the first of its states was received: nothing of it can be older.
        Instant begin() {
            return message.content() instanceof Message.Alerts alerts
                            && !alerts.history().isEmpty()
                    ? alerts.history().get(0).at()
                    : message.content().at();
        }
    }

    /**
     * Looks as far back as what is looked for can be, {@link #CLOCK_SLACK} included, however many posts that are: what has
     * not been found then was not posted.
     *
     * @param root the post that it replies to, or the empty string
     */
    @Nullable
    String find(String channel, String root, Wanted wanted) throws IOException {
        if (!root.isEmpty()) {
            return among(api.get("/posts/" + root + "/thread").path("posts"), wanted);
        }
        long oldest = wanted.begin().minus(CLOCK_SLACK).toEpochMilli();
        String before = "";
        while (true) {
            JsonNode answer = api.get("/channels/" + channel + "/posts?per_page=" + PAGE + before);
            String found = among(answer.path("posts"), wanted);
            JsonNode order = answer.path("order");
            if (found != null || order.size() < PAGE) {
                return found;
            }
            String last = order.get(order.size() - 1).asText();
            if (answer.path("posts").path(last).path("create_at").asLong() < oldest) {
                return null;
            }
            // From the last post on, not by number: others are posted and deleted meanwhile.
            String next = "&before=" + last;
            if (next.equals(before)) {
                throw new MattermostApi.Refusal(502, "the server answers with the same posts again and again", null);
            }
            before = next;
        }
    }

    private static @Nullable String among(JsonNode posts, Wanted wanted) {
        for (JsonNode post : posts) {
            if (wanted.is(post)) {
                return post.path("id").asText();
            }
        }
        return null;
    }

    /** Letters and digits that stand for a text. */
    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, KEY_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
