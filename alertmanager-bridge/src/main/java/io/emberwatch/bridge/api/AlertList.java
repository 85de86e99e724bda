package io.emberwatch.bridge.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.model.Labels;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** All alerts of an incident's last state, for whom a post or a mail shows too few. */
final class AlertList {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String COLUMNS =
            "status,alertname,severity,starts_at,ends_at,labels,summary,generator_url\r\n";

    private final Outbox outbox;

    AlertList(Outbox outbox) {
        this.outbox = outbox;
    }

    /** {@code GET /bridge/incidents/alerts?id=…&format=csv}; without {@code format} as JSON. */
    void handle(Exchange exchange) throws IOException, HttpError {
        String id = exchange.param("id");
        InboxRow state;
        try {
            state = id == null ? null : outbox.incidents().lastState(id);
        } catch (OutboxException e) {
            throw new HttpError(503, "the outbox cannot be read: " + e.getMessage());
        }
        if (id == null || state == null) {
            throw new HttpError(404, "this incident is not known");
        }
        List<NotifiedAlert> alerts;
        try {
            alerts = WebhookJson.parse(state.raw().bytes()).alerts();
        } catch (MalformedPayload e) {
            throw new HttpError(404, "what is kept of this incident cannot be read");
        }
        exchange.setHeader("Cache-Control", "no-store");
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        if ("csv".equals(exchange.param("format"))) {
            String name = "incident-" + id.replaceAll("[^A-Za-z0-9._-]", "_") + ".csv";
            exchange.setHeader("Content-Disposition", "attachment; filename=\"" + name + "\"");
            exchange.respond(200, "text/csv; charset=utf-8", csv(alerts).getBytes(StandardCharsets.UTF_8));
        } else {
            exchange.respondJson(200, json(id, alerts));
        }
    }

    private static byte[] json(String id, List<NotifiedAlert> alerts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("status", "success");
            json.writeObjectFieldStart("data");
            json.writeStringField("id", id);
            json.writeArrayFieldStart("alerts");
            for (NotifiedAlert alert : alerts) {
                json.writeStartObject();
                json.writeStringField("status", alert.isFiring() ? "firing" : "resolved");
                object(json, "labels", alert.labels());
                object(json, "annotations", alert.annotations());
                json.writeStringField("startsAt", alert.startsAt().toString());
                if (alert.endsAt() != null) {
                    json.writeStringField("endsAt", alert.endsAt().toString());
                }
                json.writeStringField("generatorURL", alert.generatorUrl());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void object(JsonGenerator json, String name, Labels labels) throws IOException {
        json.writeObjectFieldStart(name);
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringField(labels.name(i), labels.value(i));
        }
        json.writeEndObject();
    }

    private static String csv(List<NotifiedAlert> alerts) {
        StringBuilder csv = new StringBuilder(COLUMNS);
        for (NotifiedAlert alert : alerts) {
            csv.append(String.join(
                            ",",
                            cell(alert.isFiring() ? "firing" : "resolved"),
                            cell(alert.name()),
                            cell(alert.severity().word()),
                            cell(alert.startsAt().toString()),
                            cell(alert.endsAt() == null ? "" : alert.endsAt().toString()),
                            cell(alert.labels().toString()),
                            cell(alert.annotations().get("summary")),
                            cell(alert.generatorUrl())))
                    .append("\r\n");
        }
        return csv.toString();
    }

    // RFC 4180; what a spreadsheet would take for a formula is made a text.
    private static String cell(String value) {
        String line = Clip.oneLine(value);
        String harmless = !line.isEmpty() && "=+-@".indexOf(line.charAt(0)) >= 0 ? "'" + line : line;
        return harmless.matches("[A-Za-z0-9 ._:/-]*") ? harmless : "\"" + harmless.replace("\"", "\"\"") + "\"";
    }
}
