package io.emberwatch.launcher;

import io.emberwatch.rules.scrape.ScrapeConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.http.WebConfig;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the rule engine of {@code up} scrapes the program that it is part of: at the port that everybody uses, or, when
 * that port wants TLS or users or was left to the system to choose, at a second one on loopback that shows nothing but
 * {@code /metrics}, and that only to whoever knows a token which is made at the start and never leaves the process.
 */
final class OwnPages implements AutoCloseable {
    private static final int TOKEN_BYTES = 16;
    private static final String LOOPBACK = "127.0.0.1";

    private final ListenAddress published;
    private final String token;
    private final @Nullable HttpServer inner;
    private volatile @Nullable Route page;

    private OwnPages(ListenAddress published, boolean apart) throws IOException {
        this.published = published;
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        token = HexFormat.of().formatHex(secret);
        inner = apart
                ? HttpServer.start(new ListenAddress(LOOPBACK, 0), List.of(Route.get("/metrics", this::answer)))
                : null;
    }

    /**
     * For a program that listens at an address, guarded by a web configuration.
     *
     * @throws IOException when no second port can be had
     */
    static OwnPages of(ListenAddress listen, WebConfig web) throws IOException {
        boolean guarded = web.tlsServerConfig() != null || !web.basicAuthUsers().isEmpty();
        String host = listen.host().isEmpty() ? LOOPBACK : listen.host();
        return new OwnPages(new ListenAddress(host, listen.port()), guarded || listen.port() == 0);
    }

    /** Names what answers at the second port; before that it answers 503. */
    void show(List<Route> routes) {
        page = routes.stream()
                .filter(route -> route.path().equals("/metrics"))
                .findFirst()
                .orElseThrow();
    }

    private void answer(Exchange exchange) throws IOException, HttpError {
        if (!("Bearer " + token).equals(exchange.header("Authorization"))) {
            throw new HttpError(401, "unauthorized");
        }
        Route shown = page;
        if (shown == null) {
            throw new HttpError(503, "not started");
        }
        shown.handler().handle(exchange);
    }

    /** What the rule engine scrapes when no prometheus_config says otherwise. */
    ScrapeConfig scrapeConfig() throws ConfigException {
        StringBuilder yaml = new StringBuilder("scrape_configs:\n");
        yaml.append(job("sensor", "1s", "1s", "sensor", false))
                .append(job("host", "5s", "4s", "host", false))
                .append(job("etcd", "5s", "4s", "etcd", true))
                .append(job("scorer", "5s", "4s", "scorer", true))
                .append(job("emberwatch", "15s", "10s", "exporter, rules, bridge", false));
        return ScrapeConfig.parse("scrape configuration of up", yaml.toString());
    }

    private String job(String name, String interval, String timeout, String collect, boolean honorLabels) {
        HttpServer apart = inner;
        String target = apart == null ? published.toString() : LOOPBACK + ":" + apart.port();
        // The label stays the same whichever port the second one gets.
        return """
                - job_name: %s
                  scrape_interval: %s
                  scrape_timeout: %s
                  honor_labels: %s
                  params: {"collect[]": [%s]}
                  %s
                  static_configs: [{targets: ["%s"], labels: {instance: "%s"}}]
                """.formatted(
                        name,
                        interval,
                        timeout,
                        honorLabels,
                        collect,
                        apart == null ? "" : "authorization: {credentials: " + token + "}",
                        target,
                        published);
    }

    /** Closes the second port if there is one. */
    @Override
    public void close() {
        if (inner != null) {
            inner.stop(Duration.ZERO);
        }
    }
}
