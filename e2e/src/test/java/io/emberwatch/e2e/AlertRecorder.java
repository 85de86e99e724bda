package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A stub of an Alertmanager: takes alerts and keeps each as it came. */
final class AlertRecorder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> posted = new CopyOnWriteArrayList<>();

    Route route() {
        return Route.post("/api/v2/alerts", this::take);
    }

    private void take(Exchange exchange) throws IOException {
        try {
            JSON.readTree(exchange.body(1 << 20)).forEach(posted::add);
        } catch (HttpError e) {
            throw new IOException(e);
        }
        exchange.respondText(200, "");
    }

    /** Every alert so far, as many times as it was sent. */
    List<JsonNode> posted() {
        return posted;
    }
}
