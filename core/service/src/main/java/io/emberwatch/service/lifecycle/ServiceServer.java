package io.emberwatch.service.lifecycle;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.MetricsEndpoint;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.http.WebConfig;
import io.emberwatch.service.http.WebConfigFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services behind one port: their routes, and for all of them {@code /-/healthy}, {@code /-/ready}, {@code POST
 * /-/reload} and, unless a service brings its own, {@code /metrics}.
 */
public final class ServiceServer implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("service");
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<Service> services;
    private final List<Service> started = new ArrayList<>();
    private @Nullable HttpServer http;

    public ServiceServer(List<Service> services) {
        this.services = List.copyOf(services);
    }

    /**
     * Opens the port, then starts the services in order; when one cannot start, stops those that did.
     *
     * @return the port that was bound
     */
    public int start(ListenAddress address) throws IOException {
        return start(address, WebConfig.NONE);
    }

    /**
     * Opens the port, then starts the services in order; when one cannot start, stops those that did.
     *
     * @param web TLS, users and headers of the port
     * @return the port that was bound
     */
    public int start(ListenAddress address, WebConfig web) throws IOException {
        return start(address, WebConfigFile.fixed(web));
    }

    /**
     * Opens the port, then starts the services in order; when one cannot start, stops those that did.
     *
     * @param web TLS, users and headers of the port, taken up whenever the file changes
     * @return the port that was bound
     */
    public int start(ListenAddress address, WebConfigFile web) throws IOException {
        http = HttpServer.start(address, routes(), web);
        try {
            for (Service service : services) {
                started.add(service);
                service.start();
                logger.atInfo().addKeyValue("service", service.name()).log("started");
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        return http.port();
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        services.forEach(service -> routes.addAll(service.routes()));
        routes.add(Route.get("/-/healthy", exchange -> exchange.respondText(200, "ok\n")));
        routes.add(Route.get("/-/ready", this::ready));
        routes.add(new Route(Set.of("POST", "PUT"), "/-/reload", this::reload));
        if (routes.stream().noneMatch(route -> route.path().equals("/metrics"))) {
            routes.add(MetricsEndpoint.at("/metrics", exchange -> metrics()));
        }
        return routes;
    }

    private List<MetricFamily> metrics() {
        List<MetricFamily> families = new ArrayList<>();
        services.forEach(service -> families.addAll(service.metrics()));
        return families;
    }

    private void ready(Exchange exchange) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Service service : services) {
            service.notReady().forEach(reason -> reasons.add(service.name() + ": " + reason));
        }
        exchange.respondText(reasons.isEmpty() ? 200 : 503, reasons.isEmpty() ? "ready\n" : String.join("\n", reasons));
    }

    private void reload(Exchange exchange) throws IOException, HttpError {
        reload();
        exchange.respondText(200, "reloaded\n");
    }

    /**
     * Reloads every service, those after a faulty one too.
     *
     * @throws HttpError 500 with every fault
     */
    public synchronized void reload() throws HttpError {
        List<String> faults = new ArrayList<>();
        for (Service service : services) {
            try {
                service.reload();
            } catch (IOException | RuntimeException e) {
                faults.add(service.name() + ": " + e.getMessage());
                logger.atError()
                        .setCause(e instanceof RuntimeException ? e : null)
                        .addKeyValue("service", service.name())
                        .addKeyValue("reason", e.getMessage())
                        .log("reload failed, the old configuration stays");
            }
        }
        if (http != null) {
            http.replaceRoutes(routes());
        }
        if (!faults.isEmpty()) {
            throw new HttpError(500, String.join("\n", faults));
        }
    }

    /** Stops the services in reverse order, then the port. */
    @Override
    public void close() {
        for (int i = started.size() - 1; i >= 0; i--) {
            Service service = started.get(i);
            try {
                service.stop();
            } catch (RuntimeException e) {
                logger.atError()
                        .setCause(e)
                        .addKeyValue("service", service.name())
                        .log("did not stop cleanly");
            }
        }
        started.clear();
        if (http != null) {
            http.stop(GRACE);
        }
    }
}
