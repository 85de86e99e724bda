package io.emberwatch.scorer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Scores with their breakdown as JSON: {@code {"at":…,"trouble":…,"clusters":[…]}}. */
final class ScoreJson {
    private ScoreJson() {}

    static byte[] write(Instant at, List<ScorerService.Shown> models, List<String> troubles) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("at", at.toString());
            json.writeStringField("trouble", String.join("; ", troubles));
            json.writeArrayFieldStart("clusters");
            for (ScorerService.Shown model : models) {
                for (Score score : model.scores()) {
                    cluster(json, model.model(), score);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void cluster(JsonGenerator json, String model, Score score) throws IOException {
        json.writeStartObject();
        json.writeStringField("cluster", score.cluster());
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : score.labels().toMap().entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeStringField("model", model);
        number(json, "score", score.score());
        json.writeNumberField("low", score.range().low());
        json.writeNumberField("high", score.range().high());
        json.writeNumberField("confidence", score.confidence());
        reasons(json, score.reasons());
        json.writeArrayFieldStart("members");
        for (Score.MemberScore member : score.members()) {
            member(json, member);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void member(JsonGenerator json, Score.MemberScore member) throws IOException {
        json.writeStartObject();
        json.writeStringField("instance", member.name());
        json.writeBooleanField("up", member.up());
        number(json, "score", member.score());
        json.writeNumberField("low", member.range().low());
        json.writeNumberField("high", member.range().high());
        json.writeNumberField("confidence", member.confidence());
        reasons(json, member.reasons());
        json.writeArrayFieldStart("components");
        for (Score.Component component : member.components()) {
            json.writeStartObject();
            json.writeStringField("name", component.name());
            json.writeNumberField("weight", component.share());
            number(json, "input", component.input());
            number(json, "score", component.score());
            json.writeNumberField("lost", component.lost());
            json.writeStringField("query", component.query());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void reasons(JsonGenerator json, List<String> reasons) throws IOException {
        json.writeArrayFieldStart("reasons");
        for (String reason : reasons) {
            json.writeString(reason);
        }
        json.writeEndArray();
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
