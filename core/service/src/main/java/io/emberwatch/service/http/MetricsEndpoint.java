package io.emberwatch.service.http;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Answers a scrape: families in the format that the client prefers, whole or not at all. */
public final class MetricsEndpoint {
    /** Collects what a scrape asks for. */
    @FunctionalInterface
    public interface Collection {
        List<MetricFamily> collect(Exchange exchange) throws HttpError;
    }

    private MetricsEndpoint() {}

    public static Route at(String path, Collection collection) {
        return Route.get(path, exchange -> respond(exchange, collection));
    }

    private static void respond(Exchange exchange, Collection collection) throws IOException, HttpError {
        TextFormat format = TextFormat.negotiate(exchange.header("Accept"));
        if (exchange.method().equals("HEAD")) {
            exchange.respondHead(200, format.contentType());
            return;
        }
        ByteArrayOutputStream page = new ByteArrayOutputStream(64 << 10);
        ExpositionWriter.write(collection.collect(exchange), format, page);
        exchange.respond(200, format.contentType(), page.toByteArray());
    }
}
