package io.emberwatch.bridge.mattermost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.metrics.ChannelMetrics;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.render.Style;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts as a bot: one post for each incident, changed when the incident changes. What does not fit into it stands in
 * replies, and so do changes that people should look up for, since a changed post notifies nobody.
 *
 * <p>Every post carries its incident and part. Before something is posted again that may have arrived, it is looked for;
 * beside that the server itself recognises a {@code pending_post_id} for 30 s. One request changes something a call.
 *
 * @see <a href="https://developers.mattermost.com/api-documentation/#/operations/CreatePost">Create a post</a>
 */
public final class BotChannel implements Channel {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Logger logger = LoggerFactory.getLogger("bridge.mattermost");

    private final MattermostConfig config;
    private final PostWriter posts;
    private final ThreadText replies;
    private final PostSearch search;
    private final MattermostApi api;
    private final Buttons buttons;
    private final @Nullable MattermostChannel hook;
    private final ChannelMetrics metrics;
    private volatile @Nullable Place place;

    /** Who the bot is and where it posts. */
    record Place(String user, String channel) {}

    /** What a bot's channel works with beside its configuration. */
    public record Surroundings(Style style, Buttons buttons, ChannelMetrics metrics) {}

    public BotChannel(MattermostConfig config, Surroundings around) {
        this.config = config;
        this.posts = new PostWriter(config, around.style(), around.metrics()::templateFault);
        this.replies = new ThreadText(config, around.style().times());
        this.api = new MattermostApi(
                Objects.requireNonNull(config.server(), "server"),
                Objects.requireNonNull(config.token(), "token").reveal(),
                config.timeout());
        this.search = new PostSearch(api);
        this.buttons = around.buttons();
        this.hook = config.url() == null
                ? null
                : new MattermostChannel(config, around.style(), around.metrics()::templateFault);
        this.metrics = around.metrics();
        metrics.fallback(false);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String preview(Message message) {
        StringBuilder all = new StringBuilder();
        PostWriter.Post post = posts.write(message, 0, config.maxBody().bytes());
        all.append(post.body().text(Integer.MAX_VALUE)).append('\n');
        while (!post.isLast()) {
            post = posts.write(message, post.next(), config.maxBody().bytes());
            all.append(post.body().text(Integer.MAX_VALUE)).append('\n');
        }
        return all.toString();
    }

    @Override
    public Outcome deliver(Message message) {
        BotProgress known = BotProgress.parse(message.attempt().progress());
        if (known == null && message.attempt().progress() != null && hook != null) {
            return hook.deliver(message); // begun through the webhook
        }
        try {
            Outcome outcome = step(message, known);
            metrics.fallback(false);
            return outcome;
        } catch (MattermostApi.Refusal e) {
            return refused(e, message, known);
        } catch (IOException e) {
            Outcome.Retry retry = Outcome.Retry.channel(Answers.code(e), String.valueOf(e.getMessage()))
                    .withProgress(known == null ? null : known.toString());
            return Answers.isBeforeSending(e) ? retry : retry.maybeArrived();
        }
    }

    private Place place() throws IOException {
        Place found = place;
        if (found == null) {
            String channel = Objects.requireNonNull(config.channel(), "channel");
            if (!MattermostConfig.isIdentifier(channel)) {
                channel = api.get("/teams/name/" + config.team() + "/channels/name/" + channel)
                        .path("id")
                        .asText();
            }
            found = new Place(api.get("/users/me").path("id").asText(), channel);
            place = found;
        }
        return found;
    }

    private Outcome step(Message message, @Nullable BotProgress known) throws IOException {
        Place at = place();
        PostReference before = PostReference.parse(message.attempt().reference());
        BotProgress done = known == null ? new BotProgress(0, config.maxBody().bytes(), List.of(), false) : known;
        if (done.told()) {
            return reply(at, message, before, done);
        }
        PostWriter.Post post = posts.write(message, done.alerts(), done.bytes());
        BotProgress next = done.withPost(put(at, message, post, done, before), post.next());
        if (!post.isLast()) {
            return new Outcome.Progressed("200", next.toString());
        }
        if (before != null) {
            removeSurplus(before, next.posts().size());
            if (replies.isWorthTelling(message, before)) {
                return new Outcome.Progressed("200", next.finished().toString());
            }
        }
        return Outcome.Delivered.of(
                "200", reference(message, before, next.posts()).toString());
    }

    private static PostReference reference(Message message, @Nullable PostReference before, List<String> ids) {
        int firing = message.content() instanceof Message.Alerts alerts ? alerts.firing() : 0;
        Severity severity = message.content().severity();
        if (before == null) {
            return new PostReference(ids, severity, firing);
        }
        boolean worse = firing > 0 && severity.compareTo(before.worst()) < 0;
        return new PostReference(ids, worse ? severity : before.worst(), Math.max(firing, before.most()));
    }

    // The post that holds this part of the message: the one that is there already, or a new one.
    private String put(
            Place at, Message message, PostWriter.Post post, BotProgress done, @Nullable PostReference before)
            throws IOException {
        int part = done.posts().size();
        String root = part == 0 ? "" : done.posts().get(0);
        Wording wording = new Wording(at, message, post, part, root);
        String id = before == null || part >= before.posts().size()
                ? null
                : before.posts().get(part);
        if (id == null && message.attempt().unsure()) {
            id = search.find(at.channel(), root, new PostSearch.Wanted(message, part, ""));
        }
        if (id != null) {
            try {
                api.put("/posts/" + id + "/patch", body(wording, false));
                return id;
            } catch (MattermostApi.Refusal e) {
                if (isGone(e)) {
                    logger.atInfo().addKeyValue("channel", name()).log("a post was deleted, it is made anew");
                } else if (e.says("api.post.update_post.permissions_time_limit")) {
                    api.post("/posts", body(new Wording(at, message, post, part, root.isEmpty() ? id : root), true));
                    return id;
                } else {
                    throw e;
                }
            }
        }
        return api.post("/posts", body(wording, true)).path("id").asText();
    }

    private static boolean isGone(MattermostApi.Refusal e) {
        return e.status() == 404
                || e.says("api.post.patch_post.can_not_update_post_in_deleted")
                || e.says("api.post.update_post.find")
                || e.says("api.post.update_post.permissions_details");
    }

    private record Wording(Place at, Message message, PostWriter.Post post, int part, String root) {}

    private byte[] body(Wording wording, boolean creating) {
        Message message = wording.message();
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            boolean loud = creating && wording.part() == 0 && PostWriter.isFiring(message);
            SeverityStyle style = loud ? config.style(message.content().severity()) : SeverityStyle.PLAIN;
            json.writeStringField("message", style.mention() == null ? "" : style.mention());
            if (creating) {
                head(json, wording.at(), wording.root(), key(message, wording.part(), wording.root()));
                if (wording.root().isEmpty() && style.priority() != null) {
                    json.writeObjectFieldStart("metadata");
                    PostWriter.priority(json, style);
                    json.writeEndObject();
                }
            }
            json.writeObjectFieldStart("props");
            json.writeStringField("em_incident", message.incident().id());
            json.writeNumberField("em_seq", message.incident().seq());
            json.writeNumberField("em_part", wording.part());
            posts.attachments(
                    json,
                    wording.post().page(),
                    wording.part() == 0 ? buttons.of(name(), wording.at().channel(), message) : List.of());
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return out.toByteArray();
    }

    private static void head(JsonGenerator json, Place at, String root, String key) throws IOException {
        json.writeStringField("channel_id", at.channel());
        if (!root.isEmpty()) {
            json.writeStringField("root_id", root);
        }
        json.writeStringField("pending_post_id", at.user() + ":" + key);
    }

    // Nothing of the attempt is in it: the same thing has the same key for ever.
    private String key(Message message, int part, String root) {
        return PostSearch.digest(name() + "\n" + message.incident().id() + "\n" + part + "\n" + root);
    }

    private void removeSurplus(PostReference before, int used) throws IOException {
        for (String id : before.posts()
                .subList(Math.min(used, before.posts().size()), before.posts().size())) {
            try {
                api.delete("/posts/" + id);
            } catch (MattermostApi.Refusal e) {
                if (!isGone(e) && e.status() != 403) {
                    throw e;
                }
            }
        }
    }

    private Outcome reply(Place at, Message message, @Nullable PostReference before, BotProgress done)
            throws IOException {
        String root = done.posts().get(0);
        String tag = "seq" + message.incident().seq();
        if (!message.attempt().unsure()
                || search.find(at.channel(), root, new PostSearch.Wanted(message, -1, tag)) == null) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                json.writeStringField("message", replies.text(message, before));
                head(json, at, root, key(message, message.incident().seq(), root + tag));
                json.writeObjectFieldStart("props");
                json.writeStringField("em_incident", message.incident().id());
                json.writeStringField("em_log", tag);
                json.writeEndObject();
                json.writeEndObject();
            }
            api.post("/posts", out.toByteArray());
        }
        return Outcome.Delivered.of(
                "200", reference(message, before, done.posts()).toString());
    }

    private Outcome refused(MattermostApi.Refusal e, Message message, @Nullable BotProgress known) {
        String code = Integer.toString(e.status());
        String reason = String.valueOf(e.getMessage());
        String progress = known == null ? null : known.toString();
        boolean ofTheBot = e.status() == 401 || e.status() == 403 || e.status() == 404 || e.status() == 501;
        if (ofTheBot && hook != null && known == null && message.attempt().reference() == null) {
            metrics.fallback(true);
            logger.atWarn()
                    .addKeyValue("channel", name())
                    .addKeyValue("code", code)
                    .addKeyValue("reason", reason)
                    .log("the bot is refused, the webhook is used");
            place = null;
            return hook.deliver(message);
        } else if (ofTheBot) {
            metrics.fallback(true);
            place = null;
            return Outcome.Retry.channel(code, reason).withProgress(progress);
        } else if (e.status() == 413) {
            BotProgress done =
                    known == null ? new BotProgress(0, config.maxBody().bytes(), List.of(), false) : known;
            return done.bytes() / 2 < MattermostConfig.MIN_BODY
                    ? new Outcome.Rejected(code, reason)
                    : Outcome.Retry.message(code, reason)
                            .after(Duration.ZERO)
                            .withProgress(done.smaller().toString());
        } else if (e.status() == 429 || e.status() == 503) {
            return Outcome.Retry.channel(code, reason).after(e.waitFor()).withProgress(progress);
        } else if (e.status() == 500) {
            // It may have posted before it failed, or another request for the same post is still at work.
            return Outcome.Retry.message(code, reason).withProgress(progress).maybeArrived();
        } else if (e.status() == 400) {
            return new Outcome.Rejected(code, reason);
        }
        return Outcome.Retry.channel(code, reason).withProgress(progress);
    }

    /** Opens a dialog for the person who has pressed a button. */
    public void openDialog(byte[] dialog) throws IOException {
        api.post("/actions/dialogs/open", dialog);
    }

    /** The name of a user, as the server knows it. */
    public String userName(String id) throws IOException {
        return api.get("/users/" + id).path("username").asText();
    }

    @Override
    public void close() {
        if (hook != null) {
            hook.close();
        }
    }
}
