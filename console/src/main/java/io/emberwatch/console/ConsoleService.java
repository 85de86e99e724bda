package io.emberwatch.console;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page at {@code /}. The page loads nothing from another host, and its content policy forbids it to.
 *
 * <p>The numbers on it come from {@code /api/v1/} of the same address, which the rule engine serves.
 */
public final class ConsoleService implements Service {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    private static final Set<String> FILES = Set.of(
            "index.html",
            "page.css",
            "icon.svg",
            "page.js",
            "actions.js",
            "api.js",
            "alerts.js",
            "charts.js",
            "colour.js",
            "dom.js",
            "heatmap.js",
            "notifications.html",
            "notifications.js",
            "scores.js",
            "targets.js",
            "echarts.js");

    private final ConsoleConfig config;
    private final Runbooks runbooks;
    private final String front;

    /** @param runbooks the folder of the alerts' runbooks, Markdown; may be missing */
    public ConsoleService(ConsoleConfig config, Path runbooks) {
        this(config, runbooks, "index.html");
    }

    private ConsoleService(ConsoleConfig config, Path runbooks, String front) {
        this.config = config;
        this.runbooks = new Runbooks(runbooks);
        this.front = front;
    }

    /** The page of notifications alone, for a bridge that runs by itself: there are no numbers for the other. */
    public static ConsoleService ofNotifications(ConsoleConfig config, Path runbooks) {
        return new ConsoleService(config, runbooks, "notifications.html");
    }

    @Override
    public String name() {
        return "console";
    }

    @Override
    public void start() {}

    @Override
    public List<Route> routes() {
        return config.enabled()
                ? List.of(
                        Route.get("/", this::index),
                        Route.get("/runbooks/*", runbooks::handle),
                        Route.get("/*", ConsoleService::file))
                : List.of();
    }

    private void index(Exchange exchange) throws IOException, HttpError {
        send(exchange, front);
    }

    private static void file(Exchange exchange) throws IOException, HttpError {
        send(exchange, exchange.path().substring(1));
    }

    private static void send(Exchange exchange, String name) throws IOException, HttpError {
        byte[] content = FILES.contains(name) ? read(name) : null;
        if (content == null) {
            throw new HttpError(404, "nothing here: " + exchange.path());
        }
        exchange.setHeader("Cache-Control", name.equals("echarts.js") ? "max-age=86400" : "no-cache");
        respond(exchange, name.substring(name.lastIndexOf('.') + 1), content);
    }

    /** @param kind the ending of a file of that kind */
    static void respond(Exchange exchange, String kind, byte[] content) throws IOException {
        exchange.setHeader("Content-Security-Policy", POLICY);
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        exchange.setHeader("Referrer-Policy", "no-referrer");
        exchange.respond(200, TYPES.getOrDefault(kind, "application/octet-stream"), content);
    }

    private static byte @Nullable [] read(String name) throws IOException {
        try (InputStream in = ConsoleService.class.getResourceAsStream("page/" + name)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    @Override
    public List<MetricFamily> metrics() {
        return List.of();
    }

    @Override
    public List<String> notReady() {
        return List.of();
    }

    @Override
    public void stop() {}
}
