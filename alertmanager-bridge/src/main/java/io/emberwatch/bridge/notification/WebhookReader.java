package io.emberwatch.bridge.notification;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.emberwatch.model.Labels;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over a webhook body. */
final class WebhookReader {
    private static final String ALERT = "alerts";

    private final JsonParser json;
    // The alert that is being read, or negative beside them.
    private int at = -1;

    WebhookReader(JsonParser json) {
        this.json = json;
    }

    Notification notification() throws IOException, MalformedPayload {
        json.nextToken();
        object("", "the body");
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
                case "receiver" -> receiver = WebhookJson.unquoteMeta(string("", name));
                case "version" -> version = string("", name);
                case "groupKey" -> groupKey = string("", name);
                case "notification_reason" -> reason = string("", name);
                case "externalURL" -> externalUrl = string("", name);
                case "groupLabels" -> groupLabels = labels("", name);
                case "alerts" -> alerts = alerts();
                case "truncatedAlerts" -> truncated = count("", name);
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
            throw expected("", "alerts", "an array");
        }
        List<NotifiedAlert> alerts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            alerts.add(alert(alerts.size()));
        }
        at = -1;
        return alerts;
    }

    private NotifiedAlert alert(int index) throws IOException, MalformedPayload {
        at = index;
        object(ALERT, "");
        String status = null;
        Labels labels = null;
        Labels annotations = Labels.EMPTY;
        Instant startsAt = null;
        Instant endsAt = null;
        String generatorUrl = "";
        String fingerprint = "";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "status" -> status = string(ALERT, name);
                case "labels" -> labels = labels(ALERT, name);
                case "annotations" -> annotations = labels(ALERT, name);
                case "startsAt" -> startsAt = instant(ALERT, name);
                case "endsAt" -> endsAt = instant(ALERT, name);
                case "generatorURL" -> generatorUrl = string(ALERT, name);
                case "fingerprint" -> fingerprint = string(ALERT, name);
                default -> json.skipChildren();
            }
        }
        Labels identity = required("labels", labels);
        Instant start = required("startsAt", startsAt);
        return new NotifiedAlert(
                fingerprint.isEmpty() ? NotifiedAlert.fingerprintOf(identity) : fingerprint,
                identity,
                annotations,
                start,
                isResolved(required("status", status)) ? end(start, endsAt) : null,
                generatorUrl);
    }

    private boolean isResolved(String status) throws MalformedPayload {
        return switch (status) {
            case "firing" -> false;
            case "resolved" -> true;
            default ->
                throw new MalformedPayload(
                        path(ALERT, "status") + ": expected \"firing\" or \"resolved\", found " + status);
        };
    }

    private static Instant end(Instant start, @Nullable Instant end) {
        return end == null || WebhookJson.isUnset(end) ? start : end;
    }

    private Labels labels(String parent, String member) throws IOException, MalformedPayload {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return Labels.EMPTY;
        }
        object(parent, member);
        Labels.Builder labels = Labels.builder();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.isEmpty()) {
                throw new MalformedPayload(path(parent, member) + ": a name is empty");
            }
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                throw expected(parent, member + "." + name, "a string");
            }
            labels.set(name, json.getText());
        }
        return labels.build();
    }

    private Instant instant(String parent, String member) throws IOException, MalformedPayload {
        String text = string(parent, member);
        try {
            return WebhookJson.orUnset(Timestamps.parse(text));
        } catch (DateTimeException e) {
            throw new MalformedPayload(
                    path(parent, member) + ": expected a time such as 2026-11-21T01:41:24.709Z, found " + text);
        }
    }

    private int count(String parent, String member) throws IOException, MalformedPayload {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || json.getLongValue() < 0) {
            throw expected(parent, member, "a count");
        }
        return (int) Math.min(Integer.MAX_VALUE, json.getLongValue());
    }

    private String string(String parent, String member) throws IOException, MalformedPayload {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw expected(parent, member, "a string");
        }
        return json.getText();
    }

    private void object(String parent, String member) throws MalformedPayload {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw expected(parent, member, "an object");
        }
    }

    private MalformedPayload expected(String parent, String member, String what) {
        JsonToken found = json.currentToken();
        return new MalformedPayload(path(parent, member) + ": expected " + what + ", found "
                + (found == null ? "nothing" : found.toString()));
    }

    // Put together when something is wrong only: most of the time nothing is.
    private String path(String parent, String member) {
        String place = parent.equals(ALERT) ? ALERT + "[" + at + "]" : parent;
        return place + (place.isEmpty() || member.isEmpty() ? "" : ".") + member;
    }

    private <T> T required(String member, @Nullable T value) throws MalformedPayload {
        if (value == null) {
            throw new MalformedPayload(path(at < 0 ? "" : ALERT, member) + ": is missing");
        }
        return value;
    }
}
