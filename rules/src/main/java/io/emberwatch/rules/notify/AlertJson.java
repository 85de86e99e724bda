package io.emberwatch.rules.notify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Alerts as Alertmanager's API v2 takes them: a list of {@code postableAlert}. */
final class AlertJson {
    private static final JsonFactory JSON = new JsonFactory();

    private AlertJson() {}

    static byte[] write(List<Alert> alerts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 * alerts.size());
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartArray();
            for (Alert alert : alerts) {
                json.writeStartObject();
                json.writeObjectFieldStart("labels");
                labels(json, alert.labels());
                json.writeObjectFieldStart("annotations");
                labels(json, alert.annotations());
                json.writeStringField("startsAt", alert.startsAt().toString());
                json.writeStringField("endsAt", alert.endsAt().toString());
                json.writeStringField("generatorURL", alert.generatorUrl());
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: the bytes are in memory
        }
        return bytes.toByteArray();
    }

    private static void labels(JsonGenerator json, Labels labels) throws IOException {
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringField(labels.name(i), labels.value(i));
        }
        json.writeEndObject();
    }
}
