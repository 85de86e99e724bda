package io.emberwatch.bridge.notification;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.emberwatch.model.Labels;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over a webhook body. */
final class WebhookReader {
    private final JsonParser json;

    WebhookReader(JsonParser json) {
        this.json = json;
    }

    Notification notification() throws IOException, MalformedPayload {
        json.nextToken();
        object("the body");
        String receiver = null;
        String version = null;
        String groupKey = "";
        String reason = "";
        String externalUrl = "";
        Labels groupLabels = Labels.EMPTY;
        List<NotifiedAlert> alerts = null;
        int truncated = 0;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "receiver" -> receiver = WebhookJson.unquoteMeta(string(name));
                case "version" -> version = string(name);
                case "groupKey" -> groupKey = string(name);
                case "notification_reason" -> reason = string(name);
                case "externalURL" -> externalUrl = string(name);
                case "groupLabels" -> groupLabels = labels(name);
                case "alerts" -> alerts = alerts();
                case "truncatedAlerts" -> truncated = count(name);
                default -> json.skipChildren();
            }
        }
        if (!"4".equals(version)) {
            throw new MalformedPayload("version: expected \"4\", found " + (version == null ? "none" : version));
        }
        return new Notification(
                required("receiver", receiver),
                groupKey,
                groupLabels,
                nonEmpty(required("alerts", alerts)),
                truncated,
                reason,
                externalUrl);
    }

    private static List<NotifiedAlert> nonEmpty(List<NotifiedAlert> alerts) throws MalformedPayload {
        if (alerts.isEmpty()) {
            throw new MalformedPayload("alerts: there is none");
        }
        return alerts;
    }

    private List<NotifiedAlert> alerts() throws IOException, MalformedPayload {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw expected("alerts", "an array");
        }
        List<NotifiedAlert> alerts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            alerts.add(alert("alerts[" + alerts.size() + "]"));
        }
        return alerts;
    }

    private NotifiedAlert alert(String path) throws IOException, MalformedPayload {
        object(path);
        String status = null;
        Labels labels = null;
        Labels annotations = Labels.EMPTY;
        Instant startsAt = null;
        Instant endsAt = null;
        String generatorUrl = "";
        String fingerprint = "";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            String at = path + "." + name;
            json.nextToken();
            switch (name) {
                case "status" -> status = string(at);
                case "labels" -> labels = labels(at);
                case "annotations" -> annotations = labels(at);
                case "startsAt" -> startsAt = instant(at);
                case "endsAt" -> endsAt = instant(at);
                case "generatorURL" -> generatorUrl = string(at);
                case "fingerprint" -> fingerprint = string(at);
                default -> json.skipChildren();
            }
        }
        Labels identity = required(path + ".labels", labels);
        Instant start = required(path + ".startsAt", startsAt);
        return new NotifiedAlert(
                fingerprint.isEmpty() ? NotifiedAlert.fingerprintOf(identity) : fingerprint,
                identity,
                annotations,
                start,
                isResolved(path, required(path + ".status", status)) ? end(start, endsAt) : null,
                generatorUrl);
    }

    private static boolean isResolved(String path, String status) throws MalformedPayload {
        return switch (status) {
            case "firing" -> false;
            case "resolved" -> true;
            default ->
                throw new MalformedPayload(path + ".status: expected \"firing\" or \"resolved\", found " + status);
        };
    }

    private static Instant end(Instant start, @Nullable Instant end) {
        return end == null || WebhookJson.isUnset(end) ? start : end;
    }

    private Labels labels(String path) throws IOException, MalformedPayload {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return Labels.EMPTY;
        }
        object(path);
        Labels.Builder labels = Labels.builder();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.isEmpty()) {
                throw new MalformedPayload(path + ": a name is empty");
            }
            labels.set(name, string(path + "." + name));
        }
        return labels.build();
    }

    private Instant instant(String path) throws IOException, MalformedPayload {
        String text = string(path);
        try {
            return WebhookJson.orUnset(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new MalformedPayload(path + ": expected a time such as 2026-11-21T01:41:24.709Z, found " + text);
        }
    }

    private int count(String path) throws IOException, MalformedPayload {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || json.getLongValue() < 0) {
            throw expected(path, "a count");
        }
        return (int) Math.min(Integer.MAX_VALUE, json.getLongValue());
    }

    private String string(String path) throws IOException, MalformedPayload {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw expected(path, "a string");
        }
        return json.getText();
    }

    private void object(String path) throws MalformedPayload {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw expected(path, "an object");
        }
    }

    private MalformedPayload expected(String path, String what) {
        JsonToken found = json.currentToken();
        return new MalformedPayload(
                path + ": expected " + what + ", found " + (found == null ? "nothing" : found.toString()));
    }

    private static <T> T required(String path, @Nullable T value) throws MalformedPayload {
        if (value == null) {
            throw new MalformedPayload(path + ": is missing");
        }
        return value;
    }
}
