package io.emberwatch.bridge.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Html;
import io.emberwatch.model.text.Durations;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where buttons and links lead. A button's request is genuine when its token is, and comes from where the token was
 * shown; a link first shows a page, so that whoever merely looks at an address, as mail scanners do, does nothing.
 *
 * @see <a href="https://developers.mattermost.com/integrate/plugins/interactive-messages/">Interactive messages</a>
 */
public final class ActionEndpoint {
    /** Where Mattermost posts to when a button is pressed. */
    public static final String BUTTON = "/bridge/mattermost/action";

    /** Where Mattermost posts to when a dialog is submitted. */
    public static final String DIALOG = "/bridge/mattermost/dialog";

    /** The page that a link in a mail leads to. */
    public static final String PAGE = "/bridge/act";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_COMMENT = 300;
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final Desk desk;
    private final Tokens tokens;
    private final String base;
    private final Map<String, Posts> channels;

    /** What is asked of a channel of Mattermost. */
    public interface Posts {
        /** Opens a dialog for the person who has pressed a button. */
        void openDialog(byte[] dialog) throws IOException;

        /** The name of a user, as the server knows it. */
        String userName(String id) throws IOException;
    }

    /** @param channels those of Mattermost that have a bot, by their names */
    public ActionEndpoint(Desk desk, Tokens tokens, String base, Map<String, Posts> channels) {
        this.desk = desk;
        this.tokens = tokens;
        this.base = base;
        this.channels = Map.copyOf(channels);
    }

    /** Answers a pressed button. */
    public void button(Exchange exchange) throws IOException, HttpError {
        JsonNode body = RequestBody.json(exchange, MAX_BODY);
        Token token = tokens.read(body.path("context").path("t").asText());
        if (token == null) {
            desk.works().metrics().action("unknown", "refused");
            throw new HttpError(403, "this is no button of this bridge");
        }
        String text = decide(body, token);
        ObjectNode answer = JSON.createObjectNode();
        answer.put("ephemeral_text", text);
        exchange.respondJson(200, JSON.writeValueAsBytes(answer));
    }

    private String decide(JsonNode body, Token token) throws IOException {
        String who = who(token, body.path("user_id").asText());
        Desk.Request request = new Desk.Request(token.action(), token.incident(), who, who, "mattermost", null, "");
        String wrong = misplaced(token, body);
        if (wrong != null) {
            return desk.refuse(request, wrong).text();
        }
        if (token.action().isView()) {
            return view(token);
        }
        if (token.action() == Action.SILENCE) {
            return open(token, body.path("trigger_id").asText());
        }
        String spent = spend(token);
        return spent == null
                ? desk.act(request).text()
                : desk.refuse(request, spent).text();
    }

    private String who(Token token, String user) {
        Posts channel = channels.get(token.channel());
        if (channel == null || !user.matches("[a-z0-9]{26}")) {
            return "unknown";
        }
        try {
            return channel.userName(user);
        } catch (IOException e) {
            return "unknown";
        }
    }

    private @Nullable String misplaced(Token token, JsonNode body) throws OutboxException {
        if (!token.place().equals(body.path("channel_id").asText())) {
            return "This button belongs to another channel.";
        }
        String reference = desk.works().outbox().incidents().reference(token.channel(), token.incident());
        String post = body.path("post_id").asText();
        if (reference == null) {
            return "This post is not in the books yet; press again.";
        }
        return post.isEmpty() || !reference.startsWith(post) ? "This button belongs to another post." : null;
    }

    // Why a token is of no use any more; null when it was good, and then it is used up.
    private @Nullable String spend(Token token) throws OutboxException {
        if (desk.works().clock().instant().isAfter(token.expires())) {
            return "This is too old; look at the page.";
        }
        int version =
                desk.works().outbox().incidents().handling(token.incident()).version();
        if (version != token.version()) {
            return "Somebody was faster; look at the post again.";
        }
        String key = tokens.sign(token);
        return Outbox.await(desk.works().outbox().use(key, token.expires())) ? null : "This was used already.";
    }

    private String view(Token token) throws OutboxException {
        InboxRow last = desk.works().outbox().incidents().lastState(token.incident());
        String link = last == null
                ? null
                : ActionLinks.first(
                        desk.works().addresses(), last.raw(), token.action() == Action.RUNBOOK ? "runbook" : "graph");
        return link == null ? "There is none." : link;
    }

    private String open(Token token, String trigger) throws IOException {
        Posts channel = channels.get(token.channel());
        if (channel == null) {
            return "A dialog needs a bot.";
        }
        ObjectNode open = JSON.createObjectNode();
        open.put("trigger_id", trigger);
        open.put("url", base + DIALOG);
        ObjectNode dialog = open.putObject("dialog");
        dialog.put("callback_id", "silence");
        dialog.put("title", "Silence");
        dialog.put("introduction_text", desk.preview(token.incident()));
        dialog.put("submit_label", "Silence");
        dialog.put("state", tokens.sign(token));
        ArrayNode elements = dialog.putArray("elements");
        elements.addObject()
                .put("display_name", "For how long")
                .put("name", "duration")
                .put("type", "text")
                .put("default", "2h")
                .put("placeholder", "30m, 2h, 3d")
                .put("max_length", 20);
        elements.addObject()
                .put("display_name", "Why")
                .put("name", "comment")
                .put("type", "text")
                .put("optional", true)
                .put("max_length", MAX_COMMENT);
        channel.openDialog(JSON.writeValueAsBytes(open));
        return "";
    }

    /** Answers a submitted dialog. */
    public void dialog(Exchange exchange) throws IOException, HttpError {
        JsonNode body = RequestBody.json(exchange, MAX_BODY);
        Token token = tokens.read(body.path("state").asText());
        if (token == null || token.action() != Action.SILENCE) {
            throw new HttpError(403, "this is no dialog of this bridge");
        }
        ObjectNode answer = JSON.createObjectNode();
        JsonNode given = body.path("submission");
        Duration span = null;
        try {
            span = Durations.parse(given.path("duration").asText().strip());
        } catch (IllegalArgumentException e) {
            answer.putObject("errors").put("duration", "expected a duration such as 30m, 2h or 3d");
        }
        if (span != null && !body.path("cancelled").asBoolean()) {
            String who = who(token, body.path("user_id").asText());
            Desk.Request request = new Desk.Request(
                    Action.SILENCE,
                    token.incident(),
                    who,
                    who,
                    "mattermost",
                    span,
                    Clip.to(Clip.oneLine(given.path("comment").asText()), MAX_COMMENT));
            String wrong = token.place().equals(body.path("channel_id").asText())
                    ? spend(token)
                    : "This dialog belongs to another channel.";
            Desk.Answer done = wrong == null ? desk.act(request) : desk.refuse(request, wrong);
            if (!done.done()) {
                answer.put("error", done.text());
            }
        }
        exchange.respondJson(200, JSON.writeValueAsBytes(answer));
    }

    private Token pageToken(Exchange exchange) throws HttpError {
        String given = exchange.param("t");
        Token token = given == null ? null : tokens.read(given);
        if (token == null || !token.place().equals(ActionLinks.MAIL)) {
            desk.works().metrics().action("unknown", "refused");
            throw new HttpError(403, "this is no link of this bridge");
        }
        return token;
    }

    /** Shows what a link would do, and a button that does it. */
    public void page(Exchange exchange) throws IOException, HttpError {
        Token token = pageToken(exchange);
        InboxRow last = desk.works().outbox().incidents().lastState(token.incident());
        String what = last == null ? "an incident that is not known any more" : last.headline();
        show(
                exchange,
                token.action().title(),
                "<p>" + Html.escape(what) + "</p>\n<p>" + Html.escape(desk.preview(token.incident()))
                        + "</p>\n<form method=\"post\" action=\"" + PAGE + "\">\n"
                        + "<input type=\"hidden\" name=\"t\" value=\"" + Html.escape(tokens.sign(token)) + "\">\n"
                        + "<p><label>Your name <input name=\"who\" maxlength=\"60\" autocomplete=\"name\"></label></p>\n"
                        + "<p><button>" + Html.escape(token.action().title()) + "</button></p>\n</form>");
    }

    /** Does what a link is for. */
    public void act(Exchange exchange) throws IOException, HttpError {
        exchange.readForm();
        Token token = pageToken(exchange);
        String name = exchange.param("who");
        String who =
                name == null || name.isBlank() ? "a reader of " + token.channel() : Clip.to(Clip.oneLine(name), 60);
        Desk.Request request = new Desk.Request(
                token.action(), token.incident(), who, "mail:" + token.channel(), ActionLinks.MAIL, null, "");
        String spent = spend(token);
        Desk.Answer done = spent == null ? desk.act(request) : desk.refuse(request, spent);
        show(exchange, done.done() ? "Done" : "Not done", "<p>" + Html.escape(done.text()) + "</p>");
    }

    private static void show(Exchange exchange, String title, String body) throws IOException {
        exchange.setHeader("Content-Security-Policy", POLICY);
        exchange.setHeader("Referrer-Policy", "no-referrer");
        exchange.setHeader("Cache-Control", "no-store");
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        String page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
                + Html.escape(title)
                + "</title>\n<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;"
                + "color-scheme:light dark}button{font:inherit;padding:.4rem 1.2rem}</style></head>\n<body><h1>"
                + Html.escape(title) + "</h1>\n" + body + "\n</body></html>\n";
        exchange.respond(200, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }
}
