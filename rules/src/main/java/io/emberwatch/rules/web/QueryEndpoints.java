package io.emberwatch.rules.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.query.QueryLimits;
import io.emberwatch.rules.query.SampleBudget;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code query}, {@code query_range}, {@code format_query}, {@code query_exemplars}. */
final class QueryEndpoints {
    /** How many points one series of a range query may have. */
    static final int MAX_POINTS = 11_000;

    private final ApiQueries queries;
    private final InstantSource clock;
    private final QueryGate gate;
    private final Duration timeout;
    private final ClientPresence presence = new ClientPresence();

    /** @param timeout of queries that bring none */
    QueryEndpoints(ApiQueries queries, InstantSource clock, QueryGate gate, Duration timeout) {
        this.queries = queries;
        this.clock = clock;
        this.gate = gate;
        this.timeout = timeout;
    }

    List<Route> routes(String base) {
        return List.of(
                ApiEndpoint.form(base + "query", this::instant),
                ApiEndpoint.form(base + "query_range", this::range),
                ApiEndpoint.form(base + "format_query", this::format),
                ApiEndpoint.form(base + "query_exemplars", this::exemplars));
    }

    private ApiAnswer instant(ApiParameters parameters) throws ApiError, QueryException {
        int limit = parameters.limit("limit");
        Instant at = parameters.time("time", now());
        QueryLimits limits = limits(parameters);
        String query = query(parameters);
        return answer(parameters, limits, () -> queries.instant(query, at, limits), limit);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private QueryLimits limits(ApiParameters parameters) throws ApiError {
        Exchange exchange = parameters.exchange();
        SampleBudget.Share share = queries.share();
        parameters.atEnd(share::close);
        QueryLimits limits = QueryLimits.NONE
                .withShare(share)
                .withTimeout(timeout)
                .withCancellation(presence.watch(exchange.localAddress(), exchange.remoteAddress()));
        if (parameters.isGiven("timeout")) {
            limits = limits.withTimeout(positive(parameters, "timeout"));
        }
        if (parameters.isGiven("lookback_delta")) {
            limits = limits.withLookback(positive(parameters, "lookback_delta"));
        }
        return limits;
    }

    private static Duration positive(ApiParameters parameters, String name) throws ApiError {
        Duration duration = parameters.duration(name);
        if (duration.isNegative()) {
            throw ApiError.badParameter(name, "must not be negative");
        }
        return duration;
    }

    private String query(ApiParameters parameters) throws ApiError {
        String query = parameters.text("query");
        try {
            queries.parse(query);
            return query;
        } catch (QueryException e) {
            throw e.kind() == QueryException.Kind.BAD_DATA
                    ? ApiError.badParameter("query", String.valueOf(e.getMessage()))
                    : ApiError.of(e);
        }
    }

    private ApiAnswer answer(ApiParameters parameters, QueryLimits limits, QueryGate.Query query, int limit)
            throws QueryException {
        long began = System.nanoTime();
        long[] left = new long[1];
        QueryResult result = gate.run(
                () -> {
                    left[0] = System.nanoTime();
                    return query.run();
                },
                limits.timeout(),
                limits.cancellation());
        QueryTimes times = new QueryTimes(left[0] - began, System.nanoTime() - left[0]);
        return answer(result, limit, parameters.isGiven("stats") ? times : null);
    }

    /** How long a query waited and how long it ran, nanoseconds. */
    private record QueryTimes(long waited, long ran) {
        void write(JsonGenerator json) throws IOException {
            json.writeObjectFieldStart("stats");
            json.writeObjectFieldStart("timings");
            for (String part : List.of("evalTotalTime", "resultSortTime", "queryPreparationTime", "innerEvalTime")) {
                ApiJson.seconds(json, part, part.startsWith("eval") ? Duration.ofNanos(ran) : Duration.ZERO);
            }
            ApiJson.seconds(json, "execQueueTime", Duration.ofNanos(waited));
            ApiJson.seconds(json, "execTotalTime", Duration.ofNanos(waited + ran));
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private static ApiAnswer answer(QueryResult result, int limit, @Nullable QueryTimes times) {
        List<String> annotations = new ArrayList<>(result.warnings());
        QueryValue value = result.value();
        if (value instanceof QueryValue.Vector vector && vector.samples().size() > limit) {
            value = new QueryValue.Vector(vector.samples().subList(0, limit));
            annotations.add("results truncated due to limit");
        } else if (value instanceof QueryValue.Matrix matrix && matrix.series().size() > limit) {
            value = new QueryValue.Matrix(matrix.series().subList(0, limit));
            annotations.add("results truncated due to limit");
        }
        QueryValue shown = value;
        return ApiAnswer.annotated(
                json -> {
                    json.writeStartObject();
                    ApiJson.result(json, shown);
                    if (times != null) {
                        times.write(json);
                    }
                    json.writeEndObject();
                },
                annotations);
    }

    private ApiAnswer range(ApiParameters parameters) throws ApiError, QueryException {
        int limit = parameters.limit("limit");
        Instant start = parameters.time("start");
        Instant end = parameters.time("end");
        if (end.isBefore(start)) {
            throw ApiError.badParameter("end", "end timestamp must not be before start time");
        }
        Duration step = parameters.duration("step");
        if (step.isNegative() || step.isZero()) {
            throw ApiError.badParameter(
                    "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        if (Duration.between(start, end).toMillis() / step.toMillis() > MAX_POINTS) {
            throw ApiError.badData("exceeded maximum resolution of 11,000 points per timeseries."
                    + " Try decreasing the query resolution (?step=XX)");
        }
        QueryLimits limits = limits(parameters);
        String query = query(parameters);
        return answer(parameters, limits, () -> queries.range(query, start, end, step, limits), limit);
    }

    private ApiAnswer format(ApiParameters parameters) throws ApiError {
        try {
            String text = queries.parse(parameters.text("query")).pretty();
            return ApiAnswer.of(json -> json.writeString(text));
        } catch (QueryException e) {
            throw ApiError.badParameter("query", String.valueOf(e.getMessage()));
        }
    }

    // Exemplars are not kept; Grafana asks for them all the same.
    private ApiAnswer exemplars(ApiParameters parameters) throws ApiError {
        query(parameters);
        return ApiAnswer.of(json -> ApiJson.texts(json, List.of()));
    }
}
