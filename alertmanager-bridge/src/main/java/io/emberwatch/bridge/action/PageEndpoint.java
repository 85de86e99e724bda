package io.emberwatch.bridge.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.Handling;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.model.text.Durations;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the page of notifications asks to be done. Nobody but the page itself may ask: requests that another site makes
 * in somebody's browser are refused, and those from another machine too unless the configuration lets them in.
 */
public final class PageEndpoint {
    /** What an incident is about, and what a silence of it would match. */
    public static final String LOOK = "/bridge/incidents";

    /** Does something about an incident. */
    public static final String ACT = "/bridge/incidents/act";

    /** What a notification was received as. */
    public static final String RAW = "/bridge/notifications/raw";

    /** Decides about a message that was given up. */
    public static final String LETTERS = "/bridge/dead-letters/act";

    /** Whom limits and users know whoever sits before the page as. */
    static final String PRINCIPAL = "page";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY = 64 << 10;
    private static final int MAX_COMMENT = 300;
    private static final int MAX_NAME = 60;
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Desk desk;

    public PageEndpoint(Desk desk) {
        this.desk = desk;
    }

    /** {@code GET /bridge/incidents?id=…}: the addresses that its alerts name, and how many a silence would match. */
    public void look(Exchange exchange) throws IOException, HttpError {
        String id = exchange.param("id");
        InboxRow state = id == null ? null : desk.works().outbox().incidents().lastState(id);
        if (id == null || state == null) {
            throw new HttpError(404, "this incident is not known");
        }
        ObjectNode answer = JSON.createObjectNode().put("status", "success");
        ObjectNode data = answer.putObject("data");
        data.put("id", id);
        data.put("preview", desk.preview(id));
        ObjectNode links = data.putObject("links");
        alerts(state)
                .forEach(alert -> desk.links(alert).forEach((name, address) -> {
                    if (!links.has(name)) {
                        links.put(name, address);
                    }
                }));
        exchange.setHeader("Cache-Control", "no-store");
        exchange.respondJson(200, JSON.writeValueAsBytes(answer));
    }

    private static List<NotifiedAlert> alerts(InboxRow state) {
        try {
            return WebhookJson.parse(state.raw().bytes()).alerts();
        } catch (MalformedPayload e) {
            return List.of();
        }
    }

    /**
     * {@code POST /bridge/incidents/act}: {@code action}, {@code incident}, the {@code version} that the page showed, who
     * asks, and for a silence of one's own {@code duration} and {@code comment}, as a JSON object.
     */
    public void act(Exchange exchange) throws IOException, HttpError {
        requireOwnPage(exchange);
        requireLeave(exchange);
        JsonNode body = RequestBody.json(exchange, MAX_BODY);
        Action action = Action.of(body.path("action").asText());
        if (action == null || action.isView()) {
            throw new HttpError(400, "action: expected ack, silence1h, silence4h, silence or unsilence");
        }
        Desk.Request request = new Desk.Request(
                action,
                body.path("incident").asText(),
                name(body),
                PRINCIPAL,
                PRINCIPAL,
                duration(body),
                Clip.to(Clip.oneLine(body.path("comment").asText()), MAX_COMMENT));
        String late = late(request, body.path("version").asInt(-1));
        Desk.Answer done = late == null ? desk.act(request) : desk.refuse(request, late);
        ObjectNode answer = JSON.createObjectNode()
                .put("status", done.done() ? "success" : "error")
                .put(done.done() ? "data" : "error", done.text());
        exchange.respondJson(done.done() ? 200 : 409, JSON.writeValueAsBytes(answer));
    }

    /** {@code POST /bridge/dead-letters/act}: {@code action} (replay or discard), {@code letter} and who asks, in JSON. */
    public void letter(Exchange exchange) throws IOException, HttpError {
        requireOwnPage(exchange);
        requireLeave(exchange);
        JsonNode body = RequestBody.json(exchange, MAX_BODY);
        if (!desk.mayDecide(PRINCIPAL)) {
            throw new HttpError(403, "the page is not among those who may act: bridge.actions.users");
        }
        Outbox.Asker asker = new Outbox.Asker(name(body), PRINCIPAL);
        long letter = body.path("letter").asLong();
        boolean done = switch (body.path("action").asText()) {
            case "replay" -> desk.works().inlet().replay(letter, asker);
            case "discard" -> desk.works().inlet().discard(letter, asker);
            default -> throw new HttpError(400, "action: expected replay or discard");
        };
        ObjectNode answer = JSON.createObjectNode()
                .put("status", done ? "success" : "error")
                .put(done ? "data" : "error", done ? "done" : "Somebody was faster; look at the page again.");
        exchange.respondJson(done ? 200 : 409, JSON.writeValueAsBytes(answer));
    }

    /** {@code GET /bridge/notifications/raw?id=17}: what was received, as it came; for whoever may act. */
    public void raw(Exchange exchange) throws IOException, HttpError {
        requireLeave(exchange);
        String id = String.valueOf(exchange.param("id"));
        InboxRow row =
                id.matches("[0-9]{1,18}") ? desk.works().outbox().archive().row(Long.parseLong(id)) : null;
        if (row == null) {
            throw new HttpError(404, "there is no such notification");
        }
        exchange.setHeader("Cache-Control", "no-store");
        // Whatever it is, a browser is not to make a page of it.
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        exchange.respond(200, "text/plain; charset=utf-8", row.raw().bytes());
    }

    private static String name(JsonNode body) {
        String name = Clip.to(Clip.oneLine(body.path("who").asText()), MAX_NAME);
        return name.isEmpty() ? "somebody at the page" : name;
    }

    private @Nullable String late(Desk.Request request, int seen) throws OutboxException {
        Handling now = desk.works().outbox().incidents().handling(request.incident());
        return now.version() == seen ? null : "Somebody was faster; look at the page again.";
    }

    // A form of another site can be sent here by a browser, but not with this type, and not without its origin.
    private static void requireOwnPage(Exchange exchange) throws HttpError {
        if (!String.valueOf(exchange.header("Content-Type")).startsWith("application/json")) {
            throw new HttpError(415, "expected application/json");
        }
        String site = exchange.header("Sec-Fetch-Site");
        String origin = exchange.header("Origin");
        String host = exchange.header("Host");
        boolean foreign = (site != null && !site.equals("same-origin") && !site.equals("none"))
                || (origin != null && !origin.replaceFirst("^https?://", "").equals(host));
        if (foreign) {
            throw new HttpError(403, "this was asked by another site");
        }
    }

    private void requireLeave(Exchange exchange) throws HttpError {
        switch (desk.config().page()) {
            case ALL -> {}
            case NONE -> throw new HttpError(403, "acting from the page is switched off: bridge.actions.page");
            case LOCAL -> {
                if (!isLocal(exchange)) {
                    throw new HttpError(
                            403,
                            "only whoever sits at the bridge's own machine may act from the page;"
                                    + " bridge.actions.page: all lets everybody who reaches it");
                }
            }
        }
    }

    // A proxy on the same machine says for whom it asks; a name of somebody else's that leads here is not ours.
    private static boolean isLocal(Exchange exchange) {
        String host = String.valueOf(exchange.header("Host")).replaceFirst(":[0-9]+$", "");
        return exchange.remoteAddress().getAddress().isLoopbackAddress()
                && exchange.header("X-Forwarded-For") == null
                && exchange.header("Forwarded") == null
                && OWN_NAMES.contains(host);
    }

    private static @Nullable Duration duration(JsonNode body) throws HttpError {
        String text = body.path("duration").asText().strip();
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, "duration: expected one such as 30m, 2h or 3d");
        }
    }
}
