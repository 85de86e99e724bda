package io.emberwatch.bridge.action;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.IOException;

/** What a request asks for, in JSON. */
final class RequestBody {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RequestBody() {}

    /**
     * @param most bytes that are read
     * @throws HttpError 400 when it is not a JSON object
     */
    static JsonNode json(Exchange exchange, int most) throws IOException, HttpError {
        try {
            JsonNode body = JSON.readTree(exchange.body(most));
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            throw new HttpError(400, "not JSON: " + e.getOriginalMessage());
        }
        throw new HttpError(400, "expected a JSON object");
    }
}
