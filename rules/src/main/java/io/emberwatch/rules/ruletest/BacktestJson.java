package io.emberwatch.rules.ruletest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.Labels;
import io.emberwatch.model.text.FloatText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** A backtest for programs. */
final class BacktestJson {
    private BacktestJson() {}

    static String write(BacktestResult result) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("from", result.period().from().toString());
            json.writeStringField("to", result.period().to().toString());
            json.writeNumberField("stepSeconds", result.period().interval().toMillis() / 1000.0);
            json.writeNumberField("evaluations", result.evaluations());
            json.writeArrayFieldStart("alerts");
            for (BacktestResult.Timeline alert : result.alerts()) {
                alert(json, alert);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("failures");
            for (BacktestResult.Failure failure : result.failures()) {
                json.writeStartObject();
                json.writeStringField("rule", failure.rule());
                json.writeStringField("at", failure.at().toString());
                json.writeStringField("error", failure.error());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static void alert(JsonGenerator json, BacktestResult.Timeline alert) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", alert.file());
        json.writeStringField("group", alert.group());
        json.writeStringField("alert", alert.alert());
        json.writeNumberField("fired", alert.fired());
        json.writeArrayFieldStart("episodes");
        for (BacktestResult.Episode episode : alert.episodes()) {
            json.writeStartObject();
            json.writeStringField("state", episode.state().text());
            json.writeStringField("begin", episode.begin().toString());
            json.writeStringField("end", episode.end().toString());
            json.writeNumberField("seconds", episode.length().toMillis() / 1000.0);
            json.writeStringField("highest", FloatText.formatF(episode.highest()));
            labels(json, episode.labels());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void labels(JsonGenerator json, Labels labels) throws IOException {
        json.writeObjectFieldStart("labels");
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringField(labels.name(i), labels.value(i));
        }
        json.writeEndObject();
    }
}
