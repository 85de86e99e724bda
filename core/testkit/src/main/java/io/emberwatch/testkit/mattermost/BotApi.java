package io.emberwatch.testkit.mattermost;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A stub of the part of {@code /api/v4} that a bot uses: posts with {@code pending_post_id}, changes, threads, buttons
 * and dialogs, with the checks and error identifiers of server 10.
 */
final class BotApi {
    static final String USER = "botbotbotbotbotbotbotbotbo";

    private static final int PROPS_RUNES = 800_000;
    private static final long DEDUPLICATION_MILLIS = 30_000;
    private static final int MAX_PAGE = 200;
    private static final String ID = "[a-z0-9]{26}";

    private final HttpClient integrations =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final Map<String, String> channels = new ConcurrentHashMap<>();
    private final Map<String, BotPost> posts = new LinkedHashMap<>();
    private final Map<String, String> pending = new HashMap<>();
    private final Map<String, Long> pendingSince = new HashMap<>();
    private final List<Map<String, @Nullable Object>> dialogs = new ArrayList<>();
    private volatile @Nullable String token;
    private volatile boolean editable = true;
    private long lastTime;
    private int made;

    void token(@Nullable String wanted) {
        token = wanted;
    }

    void editable(boolean on) {
        editable = on;
    }

    String channel(String name) {
        return channels.computeIfAbsent(name, BotApi::identifier);
    }

    private static String identifier(String text) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            id.append((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : 'x');
        }
        while (id.length() < 26) {
            id.append('z');
        }
        return id.substring(0, 26);
    }

    synchronized List<BotPost> posts() {
        return List.copyOf(posts.values());
    }

    synchronized List<Map<String, @Nullable Object>> dialogs() {
        return List.copyOf(dialogs);
    }

    synchronized void delete(String id) {
        BotPost post = posts.get(id);
        if (post != null) {
            posts.put(id, post.gone(now()));
        }
    }

    /** How far the server's memory of pending posts is emptied, as after 30 s. */
    synchronized void forgetPending() {
        pending.clear();
    }

    Answer handle(HttpExchange http, byte[] body) throws IOException {
        String wanted = token;
        String given = http.getRequestHeaders().getFirst("Authorization");
        if (wanted == null || given == null || !given.equalsIgnoreCase("Bearer " + wanted)) {
            return Answer.error(401, "api.context.session_expired.app_error", "Invalid or expired session.");
        }
        String path = http.getRequestURI().getPath().substring("/api/v4".length());
        String[] parts = path.substring(1).split("/", -1);
        Map<String, @Nullable Object> json = Map.of();
        if (body.length > 0) {
            try {
                json = Json.object(JsonText.parse(new String(body, StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                return Answer.error(400, "api.context.invalid_body_param.app_error", "Invalid body: " + e.getMessage());
            }
        }
        String call = http.getRequestMethod() + " " + path;
        if (call.equals("GET /users/me")) {
            return Answer.json(200, user(USER, "emberwatch", true));
        } else if (call.matches("GET /users/" + ID)) {
            return Answer.json(200, user(parts[1], "user-" + parts[1].substring(0, 4), false));
        } else if (call.matches("GET /teams/name/[^/]+/channels/name/[^/]+")) {
            return findChannel(parts[5]);
        } else if (call.equals("POST /posts")) {
            return create(json);
        } else if (call.matches("PUT /posts/" + ID + "/patch")) {
            return patch(parts[1], json);
        } else if (call.matches("GET /posts/" + ID)) {
            return one(parts[1]);
        } else if (call.matches("DELETE /posts/" + ID)) {
            return remove(parts[1]);
        } else if (call.matches("GET /posts/" + ID + "/thread")) {
            return thread(parts[1]);
        } else if (call.matches("GET /channels/" + ID + "/posts")) {
            return page(parts[1], http.getRequestURI().getQuery());
        } else if (call.matches("POST /posts/" + ID + "/actions/[A-Za-z0-9]+")) {
            return press(parts[1], parts[3], USER);
        } else if (call.equals("POST /actions/dialogs/open")) {
            return dialog(json);
        }
        return Answer.error(404, "api.context.404.app_error", "Sorry, we could not find the page: " + call);
    }

    private static Map<String, @Nullable Object> user(String id, String name, boolean bot) {
        Map<String, @Nullable Object> user = new LinkedHashMap<>();
        user.put("id", id);
        user.put("username", name);
        user.put("is_bot", bot);
        user.put("roles", "system_user");
        return user;
    }

    private Answer findChannel(String name) {
        String id = channels.get(name);
        if (id == null) {
            return Answer.error(404, "app.channel.get_by_name.missing.app_error", "Channel does not exist.");
        }
        Map<String, @Nullable Object> channel = new LinkedHashMap<>();
        channel.put("id", id);
        channel.put("name", name);
        return Answer.json(200, channel);
    }

    private synchronized Answer create(Map<String, @Nullable Object> json) {
        String channel = Json.text(json.get("channel_id"));
        String message = Json.text(json.get("message"));
        String root = Json.text(json.get("root_id"));
        Map<String, @Nullable Object> props = Json.object(json.get("props"));
        Map<String, @Nullable Object> priority =
                Json.object(Json.object(json.get("metadata")).get("priority"));
        if (!channels.containsValue(channel)) {
            return Answer.error(403, "api.context.permissions.app_error", "You do not have the permissions.");
        }
        Answer refusal = refuse(message, props);
        if (refusal != null) {
            return refusal;
        }
        BotPost parent = posts.get(root);
        if (!root.isEmpty()
                && (parent == null || parent.deleted() || !parent.root().isEmpty())) {
            return Answer.error(400, "api.post.create_post.root_id.app_error", "Invalid RootId parameter.");
        }
        if (!priority.isEmpty() && !root.isEmpty()) {
            return Answer.error(
                    400,
                    "api.post.post_priority.priority_post_only_allowed_for_root_post.request_error",
                    "Only root posts can have a priority.");
        }
        String key = Json.text(json.get("pending_post_id"));
        long now = now();
        String known = pending.get(key);
        if (!key.isEmpty() && known != null && now - pendingSince.getOrDefault(key, 0L) < DEDUPLICATION_MILLIS) {
            return Answer.json(201, shown(posts.get(known)));
        }
        if (message.isEmpty() && Json.list(props.get("attachments")).isEmpty()) {
            return Answer.error(400, "model.post.is_valid.msg.app_error", "A post must have a message.");
        }
        String id = String.format("p%025d", ++made);
        BotPost post = new BotPost(
                id, USER, channel, root, message, props, Json.text(priority.get("priority")), now, now, 0, false);
        posts.put(id, post);
        pending.put(key, id);
        pendingSince.put(key, now);
        notifyAll();
        return Answer.json(201, shown(post));
    }

    private static @Nullable Answer refuse(String message, Map<String, @Nullable Object> props) {
        if (message.codePointCount(0, message.length()) > MattermostStub.POST_RUNES) {
            return Answer.error(
                    400,
                    "model.post.is_valid.message_length.app_error",
                    "Post Message property is longer than allowed.");
        }
        String written = Json.write(props);
        if (written.codePointCount(0, written.length()) > PROPS_RUNES) {
            return Answer.error(400, "model.post.is_valid.props.app_error", "Invalid props.");
        }
        for (Object attachment : Json.list(props.get("attachments"))) {
            for (Object action : Json.list(Json.object(attachment).get("actions"))) {
                if (!Json.text(Json.object(action).get("id")).matches("[A-Za-z0-9]+")) {
                    return Answer.error(400, "api.post.check_action_id.app_error", "Letters and digits only.");
                }
            }
        }
        return null;
    }

    private synchronized Answer patch(String id, Map<String, @Nullable Object> json) {
        BotPost post = posts.get(id);
        if (post == null || post.deleted()) {
            return Answer.error(404, "app.post.get.app_error", "Unable to get the post.");
        }
        if (!editable) {
            return Answer.error(
                    400,
                    "api.post.update_post.permissions_time_limit.app_error",
                    "Post edit is only allowed for 0 seconds.");
        }
        String message = json.containsKey("message") ? Json.text(json.get("message")) : post.message();
        Map<String, @Nullable Object> props = json.containsKey("props") ? Json.object(json.get("props")) : post.props();
        Answer refusal = refuse(message, props);
        if (refusal != null) {
            return refusal;
        }
        posts.put(id, post.edited(message, props, now()));
        notifyAll();
        return Answer.json(200, shown(posts.get(id)));
    }

    private synchronized Answer one(String id) {
        BotPost post = posts.get(id);
        return post == null || post.deleted()
                ? Answer.error(404, "app.post.get.app_error", "Unable to get the post.")
                : Answer.json(200, shown(post));
    }

    private synchronized Answer remove(String id) {
        BotPost post = posts.get(id);
        if (post == null || post.deleted()) {
            return Answer.error(404, "app.post.get.app_error", "Unable to get the post.");
        }
        posts.put(id, post.gone(now()));
        return Answer.json(200, Map.of("status", "OK"));
    }

    private synchronized Answer thread(String root) {
        return Answer.json(
                200,
                listed(posts.values().stream()
                        .filter(post -> !post.deleted())
                        .filter(post -> post.id().equals(root) || post.root().equals(root))
                        .toList()));
    }

    private synchronized Answer page(String channel, @Nullable String query) {
        int page = number(query, "page", 0);
        int size = Math.min(MAX_PAGE, number(query, "per_page", 60));
        List<BotPost> all = new ArrayList<>(posts.values().stream()
                .filter(post -> post.channel().equals(channel) && !post.deleted())
                .toList());
        Collections.reverse(all);
        String before = text(query, "before");
        int skipped = 0;
        while (!before.isEmpty() && skipped < all.size()) {
            skipped++;
            if (all.get(skipped - 1).id().equals(before)) {
                before = "";
            }
        }
        int from = Math.min(all.size(), skipped + page * size);
        return Answer.json(200, listed(all.subList(from, Math.min(all.size(), from + size))));
    }

    private static String text(@Nullable String query, String name) {
        for (String part : query == null ? new String[0] : query.split("&", -1)) {
            if (part.startsWith(name + "=")) {
                return part.substring(name.length() + 1);
            }
        }
        return "";
    }

    private static int number(@Nullable String query, String name, int otherwise) {
        for (String part : query == null ? new String[0] : query.split("&", -1)) {
            if (part.matches(name + "=[0-9]{1,6}")) {
                return Integer.parseInt(part.substring(name.length() + 1));
            }
        }
        return otherwise;
    }

    private static Map<String, @Nullable Object> listed(List<BotPost> listed) {
        Map<String, @Nullable Object> byId = new LinkedHashMap<>();
        listed.forEach(post -> byId.put(post.id(), shown(post)));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("order", listed.stream().map(BotPost::id).toList());
        answer.put("posts", byId);
        answer.put("next_post_id", "");
        answer.put("prev_post_id", "");
        return answer;
    }

    // Clients never see where buttons lead and with what.
    private static Map<String, @Nullable Object> shown(@Nullable BotPost post) {
        if (post == null) {
            return Map.of();
        }
        List<Object> attachments = new ArrayList<>();
        for (Map<String, @Nullable Object> attachment : post.attachments()) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>(attachment);
            if (attachment.containsKey("actions")) {
                List<Object> actions = new ArrayList<>();
                for (Object action : Json.list(attachment.get("actions"))) {
                    Map<String, @Nullable Object> bare = new LinkedHashMap<>(Json.object(action));
                    bare.remove("integration");
                    actions.add(bare);
                }
                copy.put("actions", actions);
            }
            attachments.add(copy);
        }
        Map<String, @Nullable Object> props = new LinkedHashMap<>(post.props());
        if (!attachments.isEmpty()) {
            props.put("attachments", attachments);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", post.id());
        json.put("create_at", post.createdAt());
        json.put("update_at", post.updatedAt());
        json.put("edit_at", post.edits() == 0 ? 0 : post.updatedAt());
        json.put("delete_at", post.deleted() ? post.updatedAt() : 0);
        json.put("user_id", post.user());
        json.put("channel_id", post.channel());
        json.put("root_id", post.root());
        json.put("message", post.message());
        json.put("type", "");
        json.put("props", props);
        json.put(
                "metadata",
                post.priority().isEmpty() ? Map.of() : Map.of("priority", Map.of("priority", post.priority())));
        return json;
    }

    private synchronized long now() {
        lastTime = Math.max(lastTime + 1, InstantSource.system().millis());
        return lastTime;
    }

    synchronized void chatter(String channel, int count) {
        for (int i = 0; i < count; i++) {
            String id = String.format("p%025d", ++made);
            long now = now();
            posts.put(
                    id,
                    new BotPost(
                            id, "someone", channel(channel), "", "hm", new LinkedHashMap<>(), "", now, now, 0, false));
        }
    }

    /** What happens when a user presses a button. */
    Answer press(String id, String action, String user) throws IOException {
        BotPost post;
        synchronized (this) {
            post = posts.get(id);
        }
        if (post == null || post.deleted()) {
            return Answer.error(404, "app.post.get.app_error", "Unable to get the post.");
        }
        Map<String, @Nullable Object> integration = integration(post, action);
        if (integration.isEmpty()) {
            return Answer.error(404, "api.post.do_action.action_id.app_error", "Invalid action id.");
        }
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        request.put("user_id", user);
        request.put("user_name", "user-" + user.substring(0, 4));
        request.put("channel_id", post.channel());
        request.put("channel_name", "alerts");
        request.put("team_id", identifier("team"));
        request.put("team_domain", "ops");
        request.put("post_id", id);
        request.put("trigger_id", "trigger-" + user);
        request.put("type", "button");
        request.put("data_source", "");
        request.put("context", integration.get("context"));
        HttpResponse<String> response = call(Json.text(integration.get("url")), request);
        if (response.statusCode() != 200) {
            return Answer.error(
                    400,
                    "api.post.do_action.action_integration.app_error",
                    "Action integration error: status=" + response.statusCode());
        }
        Map<String, @Nullable Object> answer = Json.object(JsonText.parse(response.body()));
        if (answer.get("update") != null) {
            Map<String, @Nullable Object> update = Json.object(answer.get("update"));
            synchronized (this) {
                posts.put(id, post.edited(Json.text(update.get("message")), Json.object(update.get("props")), now()));
            }
        }
        return Answer.json(200, Map.of("status", "OK", "ephemeral", Json.text(answer.get("ephemeral_text"))));
    }

    private static Map<String, @Nullable Object> integration(BotPost post, String action) {
        for (Map<String, @Nullable Object> attachment : post.attachments()) {
            for (Object button : Json.list(attachment.get("actions"))) {
                if (Json.text(Json.object(button).get("id")).equals(action)) {
                    return Json.object(Json.object(button).get("integration"));
                }
            }
        }
        return Map.of();
    }

    private HttpResponse<String> call(String url, Map<String, @Nullable Object> body) throws IOException {
        try {
            return integrations.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(Duration.ofSeconds(30))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private synchronized Answer dialog(Map<String, @Nullable Object> json) {
        Map<String, @Nullable Object> dialog = Json.object(json.get("dialog"));
        if (!Json.text(json.get("trigger_id")).startsWith("trigger-")
                || Json.text(json.get("url")).isEmpty()
                || Json.text(dialog.get("title")).isEmpty()
                || Json.text(dialog.get("title")).length() > 24) {
            return Answer.error(400, "api.context.invalid_body_param.app_error", "Invalid dialog.");
        }
        dialogs.add(json);
        return Answer.json(200, Map.of("status", "OK"));
    }

    /** What happens when a user submits the dialog that was opened last. */
    String submit(String user, String channel, Map<String, String> values) throws IOException {
        Map<String, @Nullable Object> opened;
        synchronized (this) {
            opened = dialogs.get(dialogs.size() - 1);
        }
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        request.put("type", "dialog_submission");
        request.put("callback_id", Json.object(opened.get("dialog")).get("callback_id"));
        request.put("state", Json.object(opened.get("dialog")).get("state"));
        request.put("user_id", user);
        request.put("channel_id", channel);
        request.put("team_id", identifier("team"));
        request.put("submission", values);
        request.put("cancelled", false);
        HttpResponse<String> response = call(Json.text(opened.get("url")), request);
        return response.statusCode() + " " + response.body();
    }
}
