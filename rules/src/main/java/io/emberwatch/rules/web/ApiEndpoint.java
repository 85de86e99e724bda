package io.emberwatch.rules.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;

/** Answers one kind of request of the API. */
@FunctionalInterface
interface ApiEndpoint {
    ApiAnswer answer(ApiParameters parameters) throws ApiError, QueryException;

    JsonFactory JSON = new JsonFactory();

    /** A route that takes parameters in the address or, with POST, as a form. */
    static Route form(String path, ApiEndpoint endpoint) {
        return new Route(Set.of("GET", "POST"), path, exchange -> serve(exchange, endpoint));
    }

    static Route get(String path, ApiEndpoint endpoint) {
        return Route.get(path, exchange -> serve(exchange, endpoint));
    }

    private static void serve(Exchange exchange, ApiEndpoint endpoint) throws IOException, HttpError {
        exchange.readForm();
        ApiParameters parameters = new ApiParameters(exchange);
        try {
            success(exchange, endpoint.answer(parameters));
        } catch (ApiError e) {
            error(exchange, e);
        } catch (QueryException e) {
            error(exchange, ApiError.of(e));
        } finally {
            parameters.end();
        }
    }

    private static void success(Exchange exchange, ApiAnswer answer) throws IOException {
        try (AnswerStream out = new AnswerStream(exchange);
                JsonGenerator json = JSON.createGenerator((OutputStream) out)) {
            json.writeStartObject();
            json.writeStringField("status", "success");
            json.writeFieldName("data");
            answer.body().write(json);
            texts(json, "warnings", answer.warnings());
            texts(json, "infos", answer.infos());
            json.writeEndObject();
            json.flush();
            out.complete();
        }
    }

    private static void texts(JsonGenerator json, String field, List<String> texts) throws IOException {
        if (!texts.isEmpty()) {
            json.writeFieldName(field);
            ApiJson.texts(json, texts);
        }
    }

    private static void error(Exchange exchange, ApiError error) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("status", "error");
            json.writeStringField("errorType", error.type());
            json.writeStringField("error", error.text());
            json.writeEndObject();
        }
        exchange.respondJson(error.status(), bytes.toByteArray());
    }
}
