package io.emberwatch.rules.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        int status = 200;
        try {
            success(bytes, endpoint.answer(new ApiParameters(exchange)));
        } catch (ApiError e) {
            status = e.status();
            error(bytes, e);
        } catch (QueryException e) {
            ApiError error = ApiError.of(e);
            status = error.status();
            error(bytes, error);
        }
        exchange.respondJson(status, bytes.toByteArray());
    }

    private static void success(ByteArrayOutputStream bytes, ApiAnswer answer) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("status", "success");
            json.writeFieldName("data");
            answer.body().write(json);
            texts(json, "warnings", answer.warnings());
            texts(json, "infos", answer.infos());
            json.writeEndObject();
        }
    }

    private static void texts(JsonGenerator json, String field, List<String> texts) throws IOException {
        if (!texts.isEmpty()) {
            json.writeFieldName(field);
            ApiJson.texts(json, texts);
        }
    }

    private static void error(ByteArrayOutputStream bytes, ApiError error) throws IOException {
        bytes.reset();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("status", "error");
            json.writeStringField("errorType", error.type());
            json.writeStringField("error", error.text());
            json.writeEndObject();
        }
    }
}
