package io.emberwatch.exporter.publish;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.emberwatch.exporter.publish.PublishConfig.EndpointConfig;
import io.emberwatch.exporter.publish.PublishMetrics.Outcome;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.Route;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Endpoints that take a JSON document each by POST and answer 202 once the broker has it.
 *
 * <p>400 what is not JSON or lacks a key, 413 too large, 422 no queue takes it, 502 the broker refuses it, 503 the broker
 * cannot be reached or does not answer in time, or too many wait. After 503 the broker may have the message all the same:
 * whoever sends it again may send it twice.
 */
public final class PublishPart implements Part {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final PublishConfig config;
    private final PublishMetrics metrics;
    private final Broker broker;
    private final Semaphore places;

    public PublishPart(PublishConfig config, CollectorRegistry registry) {
        this.config = config;
        metrics = new PublishMetrics(
                registry, config.endpoints().stream().map(EndpointConfig::path).toList());
        broker = new Broker(config, metrics);
        places = new Semaphore(config.maxConcurrent());
    }

    @Override
    public List<Route> routes() {
        return config.endpoints().stream()
                .map(endpoint -> Route.post(endpoint.path(), exchange -> take(endpoint, exchange)))
                .toList();
    }

    private void take(EndpointConfig endpoint, Exchange exchange) throws IOException, HttpError {
        byte[] body;
        try {
            body = exchange.body((int) config.maxBody().bytes());
        } catch (HttpError e) {
            metrics.count(endpoint.path(), Outcome.TOO_LARGE);
            throw e;
        }
        String fault = fault(endpoint, body);
        if (!fault.isEmpty()) {
            metrics.count(endpoint.path(), Outcome.INVALID);
            throw new HttpError(400, fault);
        }
        Outcome outcome = publish(endpoint, body);
        metrics.count(endpoint.path(), outcome);
        switch (outcome) {
            case CONFIRMED ->
                exchange.respondJson(202, "{\"status\":\"confirmed\"}\n".getBytes(StandardCharsets.UTF_8));
            case UNROUTABLE -> throw new HttpError(422, "no queue takes the message");
            case REJECTED -> throw new HttpError(502, "the broker refused the message");
            case BUSY -> throw new HttpError(503, "too many messages wait for the broker");
            default -> throw new HttpError(503, "the broker did not confirm the message");
        }
    }

    private Outcome publish(EndpointConfig endpoint, byte[] body) {
        if (!places.tryAcquire()) {
            return Outcome.BUSY;
        }
        try {
            return broker.publish(endpoint, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.UNAVAILABLE;
        } finally {
            places.release();
        }
    }

    static String fault(EndpointConfig endpoint, byte[] body) throws IOException {
        JsonNode document;
        try (JsonParser parser = JSON.createParser(body)) {
            document = JSON.readTree(parser);
            if (document == null || document.isMissingNode() || parser.nextToken() != null) {
                return "the body is not one JSON document";
            }
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            return "the body is not JSON"
                    + (place == null ? "" : ", see line " + place.getLineNr() + ", column " + place.getColumnNr());
        }
        for (String key : endpoint.requiredKeys()) {
            if (!document.hasNonNull(key)) {
                return "the key " + key + " is missing";
            }
        }
        return "";
    }

    @Override
    public void close() {
        broker.close();
    }
}
