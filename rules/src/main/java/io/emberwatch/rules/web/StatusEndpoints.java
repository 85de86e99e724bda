package io.emberwatch.rules.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.rules.store.HeadStatistics;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code status/…} and {@code alertmanagers}. */
final class StatusEndpoints {
    private static final int TOP = 10;

    private final ServerStatus status;

    StatusEndpoints(ServerStatus status) {
        this.status = status;
    }

    List<Route> routes(String base) {
        return List.of(
                ApiEndpoint.get(
                        base + "status/buildinfo",
                        parameters -> ApiAnswer.of(json -> ApiJson.texts(json, status.build()))),
                ApiEndpoint.get(
                        base + "status/flags", parameters -> ApiAnswer.of(json -> ApiJson.texts(json, status.flags()))),
                ApiEndpoint.get(base + "status/config", parameters -> ApiAnswer.of(this::configuration)),
                ApiEndpoint.get(base + "status/runtimeinfo", parameters -> ApiAnswer.of(this::runtime)),
                ApiEndpoint.get(base + "status/tsdb", this::store),
                ApiEndpoint.get(base + "status/walreplay", parameters -> ApiAnswer.of(StatusEndpoints::replayIsDone)),
                ApiEndpoint.get(base + "alertmanagers", parameters -> ApiAnswer.of(this::alertmanagers)));
    }

    private void configuration(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("yaml", status.configuration());
        json.writeEndObject();
    }

    private void runtime(JsonGenerator json) throws IOException {
        ServerStatus.Lifetime runtime = status.runtime();
        json.writeStartObject();
        json.writeStringField("startTime", ApiJson.time(runtime.started()));
        json.writeStringField("CWD", Path.of("").toAbsolutePath().toString());
        json.writeBooleanField("reloadConfigSuccess", runtime.reloadSucceeded());
        json.writeStringField("lastConfigTime", ApiJson.time(runtime.reloaded()));
        json.writeNumberField("corruptionCount", 0);
        json.writeNumberField("goroutineCount", Thread.activeCount());
        json.writeNumberField("GOMAXPROCS", Runtime.getRuntime().availableProcessors());
        json.writeNumberField("GOMEMLIMIT", Runtime.getRuntime().maxMemory());
        json.writeStringField("GOGC", "");
        json.writeStringField("GODEBUG", "");
        json.writeStringField("storageRetention", runtime.retention());
        json.writeEndObject();
    }

    // Nothing is served before the log is replayed.
    private static void replayIsDone(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("min", 0);
        json.writeNumberField("max", 0);
        json.writeNumberField("current", 0);
        json.writeEndObject();
    }

    private ApiAnswer store(ApiParameters parameters) throws ApiError {
        int limit = parameters.limit("limit");
        HeadStatistics statistics = status.store(limit == Integer.MAX_VALUE ? TOP : limit);
        return ApiAnswer.of(json -> store(json, statistics));
    }

    private static void store(JsonGenerator json, @Nullable HeadStatistics statistics) throws IOException {
        json.writeStartObject();
        if (statistics != null) {
            json.writeObjectFieldStart("headStats");
            json.writeNumberField("numSeries", statistics.headSeriesCount());
            json.writeNumberField("numLabelPairs", statistics.labelPairCount());
            json.writeNumberField("chunkCount", statistics.chunkCount());
            json.writeNumberField("minTime", statistics.minTimeMillis());
            json.writeNumberField("maxTime", statistics.maxTimeMillis());
            json.writeEndObject();
            counts(json, "seriesCountByMetricName", statistics.seriesCountByMetricName());
            counts(json, "labelValueCountByLabelName", statistics.labelValueCountByLabelName());
            counts(json, "memoryInBytesByLabelName", statistics.memoryInBytesByLabelName());
            counts(json, "seriesCountByLabelValuePair", statistics.seriesCountByLabelValuePair());
        }
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, String field, List<HeadStatistics.NamedCount> counts)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (HeadStatistics.NamedCount count : counts) {
            json.writeStartObject();
            json.writeStringField("name", count.name());
            json.writeNumberField("value", count.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void alertmanagers(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("activeAlertmanagers");
        for (String address : status.alertmanagers()) {
            json.writeStartObject();
            json.writeStringField("url", address);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("droppedAlertmanagers");
        json.writeEndArray();
        json.writeEndObject();
    }
}
