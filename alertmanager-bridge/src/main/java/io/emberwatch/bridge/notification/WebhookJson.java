package io.emberwatch.bridge.notification;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.emberwatch.model.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Reads and writes Alertmanager's webhook body, version 4.
 *
 * <p>Strict about the members it knows, deaf to those it does not: newer Alertmanagers add some. A {@code null} map is an
 * empty one, as Go writes it.
 *
 * @see <a href="https://prometheus.io/docs/alerting/latest/configuration/#webhook_config">webhook_config</a>
 */
public final class WebhookJson {
    static final int MAX_DEPTH = 32;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    // How Go writes a time that is not set.
    private static final Instant UNSET = Instant.parse("0001-01-01T00:00:00Z");

    private WebhookJson() {}

    public static Notification parse(byte[] body) throws MalformedPayload {
        try (JsonParser json = JSON.createParser(body)) {
            Notification notification = new WebhookReader(json).notification();
            if (json.nextToken() != null) {
                throw new MalformedPayload("there is more after the end of the object");
            }
            return notification;
        } catch (JsonProcessingException e) {
            throw new MalformedPayload("not JSON: " + e.getOriginalMessage() + place(e));
        } catch (IOException e) {
            throw new MalformedPayload("not JSON: " + e.getMessage());
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset();
    }

    static Instant orUnset(Instant instant) {
        return instant.isBefore(UNSET.plus(1, ChronoUnit.DAYS)) ? UNSET : instant;
    }

    static boolean isUnset(Instant instant) {
        return instant.equals(UNSET);
    }

    /** The body that Alertmanager would have sent for this notification. */
    public static byte[] write(Notification notification) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("receiver", quoteMeta(notification.receiver()));
            json.writeStringField("status", status(notification.isFiring()));
            json.writeArrayFieldStart("alerts");
            for (NotifiedAlert alert : notification.alerts()) {
                write(alert, json);
            }
            json.writeEndArray();
            labels("groupLabels", notification.groupLabels(), json);
            json.writeStringField("externalURL", notification.externalUrl());
            json.writeStringField("version", "4");
            json.writeStringField("groupKey", notification.groupKey());
            json.writeNumberField("truncatedAlerts", notification.truncatedAlerts());
            if (!notification.reason().isEmpty()) {
                json.writeStringField("notification_reason", notification.reason());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return out.toByteArray();
    }

    private static void write(NotifiedAlert alert, JsonGenerator json) throws IOException {
        Instant endsAt = alert.endsAt();
        json.writeStartObject();
        json.writeStringField("status", status(alert.isFiring()));
        labels("labels", alert.labels(), json);
        labels("annotations", alert.annotations(), json);
        json.writeStringField("startsAt", alert.startsAt().toString());
        json.writeStringField("endsAt", (endsAt == null ? UNSET : endsAt).toString());
        json.writeStringField("generatorURL", alert.generatorUrl());
        json.writeStringField("fingerprint", alert.fingerprint());
        json.writeEndObject();
    }

    private static void labels(String name, Labels labels, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringField(labels.name(i), labels.value(i));
        }
        json.writeEndObject();
    }

    private static String status(boolean firing) {
        return firing ? "firing" : "resolved";
    }

    /** As Go's {@code regexp.QuoteMeta}, which Alertmanager applies to the receiver's name. */
    static String quoteMeta(String text) {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (META.indexOf(c) >= 0) {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.toString();
    }

    static String unquoteMeta(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && META.indexOf(text.charAt(i + 1)) >= 0) {
                i++;
                c = text.charAt(i);
            }
            plain.append(c);
        }
        return plain.toString();
    }

    private static final String META = "\\.+*?()|[]{}^$";
}
