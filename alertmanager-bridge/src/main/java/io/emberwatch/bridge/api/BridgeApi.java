package io.emberwatch.bridge.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.bridge.delivery.Dispatcher;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.Deed;
import io.emberwatch.bridge.outbox.Handling;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.route.Matchers;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers about notifications, as JSON in the envelope of the Prometheus API. Holds no secret. */
public final class BridgeApi {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;
    private static final int MAX_TEXT = 1000;
    private static final Outbox.Asker BY_API = new Outbox.Asker("somebody with the webhook's credentials", "api");

    private final Outbox outbox;
    private final @Nullable Dispatcher dispatcher;
    private final InstantSource clock;
    private final Offers offers;
    private final AlertList list;

    /** What can be done about an incident now, a word for each. */
    @FunctionalInterface
    public interface Offers {
        List<String> of(Incidents.Incident incident, Handling handling);
    }

    /**
     * @param dispatcher null where nothing is delivered: for a look at an outbox that another bridge has
     * @param offers what people may do from the page
     */
    public BridgeApi(Outbox outbox, @Nullable Dispatcher dispatcher, InstantSource clock, Offers offers) {
        this.outbox = outbox;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.offers = offers;
        this.list = new AlertList(outbox);
    }

    @FunctionalInterface
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static void answer(Exchange exchange, Body data) throws IOException, HttpError {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("status", "success");
            json.writeObjectFieldStart("data");
            data.write(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (OutboxException e) {
            throw new HttpError(503, "the outbox cannot be read: " + e.getMessage());
        }
        exchange.setHeader("Cache-Control", "no-store");
        exchange.respondJson(200, out.toByteArray());
    }

    /**
     * {@code GET /bridge/notifications?limit=100&before=17}: what was received, the newest first, each with what became
     * of it; {@code before} is the smallest number of the page before, {@code after} one that is known already. {@code
     * search} is a word of headline, receiver or incident, {@code match} matchers one of whose alerts' labels fits,
     * {@code undelivered=true} what is not delivered everywhere.
     */
    public void notifications(Exchange exchange) throws IOException, HttpError {
        int limit = (int) number(exchange, "limit", DEFAULT_LIMIT, MAX_LIMIT);
        Search.Wanted wanted = new Search.Wanted(
                number(exchange, "before", Long.MAX_VALUE, Long.MAX_VALUE),
                number(exchange, "after", 0, Long.MAX_VALUE),
                exchange.param("search") == null ? "" : exchange.param("search"),
                matchers(exchange),
                "true".equals(exchange.param("undelivered")));
        answer(exchange, json -> {
            // Asked for first: what happens meanwhile comes by the stream.
            json.writeNumberField("newest_event", outbox.incidents().newestEvent());
            json.writeArrayFieldStart("notifications");
            Set<String> named = new LinkedHashSet<>();
            for (Archive.Entry entry : Search.find(outbox.archive(), wanted, limit)) {
                write(entry, json);
                named.add(entry.row().incident());
            }
            json.writeEndArray();
            json.writeObjectFieldStart("incidents");
            for (String incident : named) {
                writeStanding(incident, json);
            }
            json.writeEndObject();
            json.writeArrayFieldStart("failing_channels");
            for (String channel : dispatcher == null ? List.<String>of() : dispatcher.failing()) {
                json.writeString(channel);
            }
            json.writeEndArray();
        });
    }

    // Of a group's episodes only the last stands for something that can be dealt with.
    private void writeStanding(String id, JsonGenerator json) throws IOException {
        Incidents.Incident incident = id.isEmpty() ? null : outbox.incidents().find(id);
        if (incident == null) {
            return;
        }
        Handling handling = outbox.incidents().handling(id);
        json.writeObjectFieldStart(id);
        json.writeBooleanField("closed", incident.closed());
        json.writeStringField("state", handling.state().name().toLowerCase(Locale.ROOT));
        text(json, "who", handling.who());
        json.writeNumberField("version", handling.version());
        Instant until = handling.until();
        if (until != null) {
            json.writeStringField("until", until.toString());
        }
        json.writeStringField("silence", handling.silence());
        json.writeArrayFieldStart("actions");
        for (String word : offers.of(incident, handling)) {
            json.writeString(word);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static @Nullable Matchers matchers(Exchange exchange) throws HttpError {
        String given = exchange.param("match");
        try {
            return given == null || given.isBlank() ? null : new Matchers(List.of(given));
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, "match: " + e.getMessage());
        }
    }

    private static void write(Archive.Entry entry, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", entry.row().id());
        json.writeStringField("received", entry.row().received().toString());
        json.writeStringField("source", entry.source());
        json.writeStringField("verdict", entry.verdict());
        text(json, "receiver", entry.row().receiver());
        json.writeStringField("incident", entry.row().incident());
        json.writeNumberField("seq", entry.row().seq());
        json.writeNumberField("repeats", entry.row().repeats());
        text(json, "headline", entry.row().headline());
        text(json, "detail", entry.row().detail());
        json.writeArrayFieldStart("deliveries");
        for (Archive.Progress progress : entry.deliveries()) {
            json.writeStartObject();
            json.writeStringField("channel", progress.channel());
            json.writeStringField("state", progress.state());
            json.writeNumberField("attempts", progress.attempt());
            json.writeStringField("code", progress.code());
            if (progress.state().equals("queued")) {
                json.writeStringField("due", progress.due().toString());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("trail");
        for (Archive.Event event : entry.trail()) {
            json.writeStartObject();
            json.writeNumberField("id", event.id());
            json.writeStringField("at", event.at().toString());
            json.writeStringField("event", event.event());
            json.writeStringField("channel", event.channel());
            json.writeStringField("code", event.code());
            text(json, "detail", event.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("given_up");
        for (Archive.GivenUp message : entry.givenUp()) {
            json.writeStartObject();
            json.writeNumberField("letter", message.letter());
            json.writeStringField("channel", message.channel());
            text(json, "target", message.target());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** {@code GET /bridge/incidents/alerts?id=…&format=csv}: all alerts of an incident's last state. */
    public void alerts(Exchange exchange) throws IOException, HttpError {
        list.handle(exchange);
    }

    /** {@code GET /api/v1/bridge/audit?limit=100}: what people did and tried to do, the newest first. */
    public void audit(Exchange exchange) throws IOException, HttpError {
        int limit = (int) number(exchange, "limit", DEFAULT_LIMIT, MAX_LIMIT);
        answer(exchange, json -> {
            json.writeArrayFieldStart("audit");
            for (Deed deed : outbox.incidents().deeds(limit)) {
                json.writeStartObject();
                json.writeStringField("at", deed.at().toString());
                text(json, "who", deed.who());
                json.writeStringField("via", deed.via());
                json.writeStringField("action", deed.action());
                json.writeStringField("incident", deed.incident());
                text(json, "result", deed.result());
                text(json, "detail", deed.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** {@code GET /api/v1/bridge/dead-letters?limit=100&all=true}: what was given up, the newest first. */
    public void deadLetters(Exchange exchange) throws IOException, HttpError {
        int limit = (int) number(exchange, "limit", DEFAULT_LIMIT, MAX_LIMIT);
        boolean all = "true".equals(exchange.param("all"));
        answer(exchange, json -> {
            json.writeArrayFieldStart("dead_letters");
            for (Archive.DeadLetter letter : outbox.archive().deadLetters(all, limit)) {
                json.writeStartObject();
                json.writeNumberField("id", letter.id());
                json.writeStringField("at", letter.at().toString());
                json.writeStringField("channel", letter.channel());
                text(json, "target", letter.target());
                json.writeStringField("code", letter.code());
                text(json, "reason", letter.reason());
                text(json, "headline", letter.headline());
                Instant replayed = letter.replayed();
                if (replayed != null) {
                    json.writeStringField("replayed", replayed.toString());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** {@code POST /api/v1/bridge/dead-letters/replay?id=3&id=4} or {@code ?all=true}: queues dead letters again. */
    public void replay(Exchange exchange) throws IOException, HttpError {
        Dispatcher deliveries = requireDispatcher();
        decide(exchange, "replayed", letter -> {
            Outbox.Waiting waiting = Outbox.await(outbox.replay(letter, BY_API, clock.instant()));
            if (waiting != null) {
                deliveries.queued(List.of(waiting));
            }
            return waiting != null;
        });
    }

    /** {@code POST /api/v1/bridge/dead-letters/discard?id=3&id=4} or {@code ?all=true}: forgets dead letters. */
    public void discard(Exchange exchange) throws IOException, HttpError {
        requireDispatcher();
        decide(exchange, "discarded", letter -> Outbox.await(outbox.discard(letter, BY_API, clock.instant())));
    }

    private Dispatcher requireDispatcher() throws HttpError {
        Dispatcher deliveries = dispatcher;
        if (deliveries == null) {
            throw new HttpError(503, "another bridge has the outbox");
        }
        return deliveries;
    }

    /** What is done with one dead letter; false when there is none of that number. */
    @FunctionalInterface
    private interface Decision {
        boolean about(long letter) throws OutboxException;
    }

    private void decide(Exchange exchange, String done, Decision decision) throws IOException, HttpError {
        exchange.readForm();
        List<Long> ids = new ArrayList<>();
        for (String id : exchange.params("id")) {
            ids.add(parse("id", id));
        }
        if ("true".equals(exchange.param("all"))) {
            for (Archive.DeadLetter letter : outbox.archive().deadLetters(false, MAX_LIMIT)) {
                ids.add(letter.id());
            }
        } else if (ids.isEmpty()) {
            throw new HttpError(400, "say which: id=NUMBER, as often as needed, or all=true");
        }
        answer(exchange, json -> {
            List<Long> unknown = new ArrayList<>();
            json.writeArrayFieldStart(done);
            for (long id : ids) {
                if (decision.about(id)) {
                    json.writeNumber(id);
                } else {
                    unknown.add(id);
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("unknown");
            for (long id : unknown) {
                json.writeNumber(id);
            }
            json.writeEndArray();
        });
    }

    private static void text(JsonGenerator json, String name, String text) throws IOException {
        json.writeStringField(name, Clip.to(Clip.paragraphs(text), MAX_TEXT));
    }

    private static long number(Exchange exchange, String name, long otherwise, long limit) throws HttpError {
        @Nullable String given = exchange.param(name);
        return given == null ? otherwise : Math.min(limit, parse(name, given));
    }

    private static long parse(String name, String text) throws HttpError {
        try {
            long number = Long.parseLong(text);
            if (number > 0 || (number == 0 && name.equals("after"))) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new HttpError(400, name + ": expected a number above 0");
        }
        throw new HttpError(400, name + ": expected a number above 0");
    }
}
