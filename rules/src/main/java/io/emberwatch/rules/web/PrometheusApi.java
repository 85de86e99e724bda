package io.emberwatch.rules.web;

import io.emberwatch.rules.engine.GroupStatus;
import io.emberwatch.service.http.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The routes below {@code /api/v1}: what Grafana's Prometheus data source, promtool and other clients of Prometheus ask.
 * Shapes and error texts are those of Prometheus (documentation, "HTTP API").
 */
public final class PrometheusApi {
    private static final String BASE = "/api/v1/";

    private PrometheusApi() {}

    /**
     * Who answers.
     *
     * @param groups the rule groups as they stand
     */
    public record Sources(
            ApiQueries queries,
            QueryBounds bounds,
            SeriesCatalog catalog,
            Supplier<List<GroupStatus>> groups,
            Targets targets,
            ServerStatus status,
            InstantSource clock) {}

    /**
     * What holds queries back.
     *
     * @param running how many are executed at once
     * @param waiting how many may wait beside them
     * @param timeout of queries that bring none, waiting included
     */
    public record QueryBounds(int running, int waiting, Duration timeout, QueryMetrics metrics) {
        QueryGate gate() {
            return new QueryGate(running, waiting, metrics);
        }
    }

    public static List<Route> routes(Sources sources) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(new QueryEndpoints(
                        sources.queries(),
                        sources.clock(),
                        sources.bounds().gate(),
                        sources.bounds().timeout())
                .routes(BASE));
        routes.addAll(new SeriesEndpoints(sources.catalog()).routes(BASE));
        routes.addAll(new RuleEndpoints(sources.groups()).routes(BASE));
        routes.addAll(new TargetEndpoints(sources.targets()).routes(BASE));
        routes.addAll(new StatusEndpoints(sources.status()).routes(BASE));
        return routes;
    }
}
