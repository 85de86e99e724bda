package io.emberwatch.scorer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/** Scores with their breakdown as JSON: {@code {"at":…,"trouble":…,"clusters":[…]}}. */
final class ScoreJson {
    private ScoreJson() {}

    static byte[] write(Instant at, List<Score> scores, String trouble) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("at", at.toString());
            json.writeStringField("trouble", trouble);
            json.writeArrayFieldStart("clusters");
            for (Score score : scores) {
                cluster(json, score);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void cluster(JsonGenerator json, Score score) throws IOException {
        json.writeStartObject();
        json.writeStringField("cluster", score.cluster());
        number(json, "score", score.score());
        json.writeNumberField("confidence", score.confidence());
        json.writeArrayFieldStart("members");
        for (Score.MemberScore member : score.members()) {
            json.writeStartObject();
            json.writeStringField("instance", member.instance());
            json.writeBooleanField("up", member.up());
            number(json, "score", member.score());
            json.writeNumberField("confidence", member.confidence());
            json.writeArrayFieldStart("reasons");
            for (String reason : member.reasons()) {
                json.writeString(reason);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("components");
            for (Score.Component component : member.components()) {
                json.writeStartObject();
                json.writeStringField("name", component.name());
                json.writeNumberField("weight", component.weight());
                number(json, "input", component.input());
                number(json, "score", component.score());
                json.writeStringField("query", component.query());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    // JSON has no NaN; what is not a number is null, as what is not known.
    private static void number(JsonGenerator json, String name, OptionalDouble value) throws IOException {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            json.writeNumberField(name, value.getAsDouble());
        } else {
            json.writeNullField(name);
        }
    }
}
