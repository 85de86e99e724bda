package io.emberwatch.bridge;

import io.emberwatch.bridge.action.ActionEndpoint;
import io.emberwatch.bridge.action.PageEndpoint;
import io.emberwatch.bridge.webhook.Credentials;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the bridge answers over HTTP, as long as it runs. */
final class BridgeRoutes {
    private final Supplier<@Nullable BridgeParts> parts;
    private final Supplier<@Nullable Views> views;
    private final Supplier<Credentials> credentials;
    private final List<Route> routes = new ArrayList<>();

    private BridgeRoutes(
            Supplier<@Nullable BridgeParts> parts, Supplier<@Nullable Views> views, Supplier<Credentials> credentials) {
        this.parts = parts;
        this.views = views;
        this.credentials = credentials;
    }

    static List<Route> of(
            List<String> paths,
            Supplier<@Nullable BridgeParts> parts,
            Supplier<@Nullable Views> views,
            Supplier<Credentials> credentials) {
        BridgeRoutes made = new BridgeRoutes(parts, views, credentials);
        paths.forEach(made::webhook);
        made.views();
        made.deeds();
        return List.copyOf(made.routes);
    }

    /** A handler that needs the parts that a start makes. */
    @FunctionalInterface
    private interface Part {
        void handle(BridgeParts parts, Exchange exchange) throws IOException, HttpError;
    }

    /** A handler that only looks. */
    @FunctionalInterface
    private interface View {
        void handle(Views views, Exchange exchange) throws IOException, HttpError;
    }

    /** A handler that needs buttons to be configured. */
    @FunctionalInterface
    private interface Deed {
        void handle(ActionEndpoint actions, Exchange exchange) throws IOException, HttpError;
    }

    private Route.Handler with(Part part) {
        return exchange -> {
            BridgeParts running = parts.get();
            if (running == null) {
                throw new HttpError(503, "this bridge is not running, or stands by for another that is");
            }
            part.handle(running, exchange);
        };
    }

    private Route.Handler seen(View view) {
        return exchange -> {
            Views open = views.get();
            if (open == null) {
                throw new HttpError(503, "the bridge is not running");
            }
            view.handle(open, exchange);
        };
    }

    private Route.Handler guarded(Part part) {
        return with((running, exchange) -> {
            credentials.get().check(exchange);
            part.handle(running, exchange);
        });
    }

    private Route.Handler deed(Deed deed) {
        return with((running, exchange) -> {
            ActionEndpoint actions = running.actions();
            if (actions == null) {
                throw new HttpError(404, "buttons and links are not configured: bridge.actions.secret");
            }
            deed.handle(actions, exchange);
        });
    }

    private void webhook(String path) {
        Route.Handler handler = with((running, exchange) -> running.webhook().handle(exchange, path));
        routes.add(Route.post(path, handler));
        routes.add(Route.post(path + "/*", handler));
    }

    private void views() {
        for (String path : List.of("/api/v1/bridge/notifications", "/bridge/notifications")) {
            routes.add(Route.get(path, seen((open, exchange) -> open.api().notifications(exchange))));
        }
        routes.add(Route.get(
                "/bridge/incidents/alerts", seen((open, exchange) -> open.api().alerts(exchange))));
        routes.add(Route.get("/bridge/stream", seen((open, exchange) -> open.feed().stream(exchange))));
        routes.add(Route.get(
                "/api/v1/bridge/dead-letters",
                seen((open, exchange) -> open.api().deadLetters(exchange))));
        routes.add(Route.get("/api/v1/bridge/audit", seen((open, exchange) -> {
            credentials.get().check(exchange);
            open.api().audit(exchange);
        })));
    }

    private void deeds() {
        routes.add(Route.post(
                "/api/v1/bridge/dead-letters/replay",
                guarded((running, exchange) -> running.api().replay(exchange))));
        routes.add(Route.post(
                "/api/v1/bridge/dead-letters/discard",
                guarded((running, exchange) -> running.api().discard(exchange))));
        routes.add(Route.get(
                PageEndpoint.LOOK, with((running, exchange) -> running.page().look(exchange))));
        routes.add(Route.post(
                PageEndpoint.ACT, with((running, exchange) -> running.page().act(exchange))));
        routes.add(Route.get(
                PageEndpoint.RAW, with((running, exchange) -> running.page().raw(exchange))));
        routes.add(Route.post(
                PageEndpoint.LETTERS, with((running, exchange) -> running.page().letter(exchange))));
        routes.add(Route.post(ActionEndpoint.BUTTON, deed(ActionEndpoint::button)));
        routes.add(Route.post(ActionEndpoint.DIALOG, deed(ActionEndpoint::dialog)));
        routes.add(Route.get(ActionEndpoint.PAGE, deed(ActionEndpoint::page)));
        routes.add(Route.post(ActionEndpoint.PAGE, deed(ActionEndpoint::act)));
    }
}
