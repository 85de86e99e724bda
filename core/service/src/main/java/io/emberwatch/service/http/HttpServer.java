package io.emberwatch.service.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import io.emberwatch.service.http.WebConfig.TlsServerConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of every service: routes on the JDK's own server.
 *
 * <p>Bounded: at most {@value #MAX_THREADS} requests are worked on at once, of which {@value #MAX_REQUESTS} may be
 * ordinary ones; beyond that the answer is 503. A request must have arrived within {@value #REQUEST_SECONDS} s, and sooner
 * when others wait for its thread. Connections without a request under way cost no thread, nor do requests that are answered
 * {@linkplain Exchange#respondWhen later}; how many of those there are is bounded by what they wait for.
 */
public final class HttpServer implements AutoCloseable {
    static final int MAX_THREADS = 1_100;
    static final int MAX_REQUESTS = 1_050;
    static final int REQUEST_SECONDS = 30;
    private static final int BACKLOG = 1024;
    private static final int ANSWER_THREADS = 2;
    private static final int KEEP_SECONDS = 30;

    private static final Logger logger = LoggerFactory.getLogger("http");

    static {
        // Read once when the JDK's server class loads. Without nodelay every keep-alive answer waits 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS));
        System.setProperty("sun.net.httpserver.idleInterval", "60");
        // As many as an Alertmanager keeps: connections closed at once would be opened again at once.
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
    }

    private final com.sun.net.httpserver.HttpServer server;
    private final Workers workers;
    private final WebConfigFile web;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ThreadPoolExecutor answers = answers();
    private volatile List<Route> routes;
    private volatile BasicAuth users;
    private volatile RateLimit rate;

    private HttpServer(
            com.sun.net.httpserver.HttpServer server, Workers workers, List<Route> routes, WebConfigFile web) {
        this.server = server;
        this.workers = workers;
        this.routes = routes;
        this.web = web;
        this.users = new BasicAuth(web.current().basicAuthUsers());
        this.rate = new RateLimit(web.current().rateLimit(), System::nanoTime);
    }

    /**
     * Opens the port and answers from then on, over plain HTTP.
     *
     * @throws IOException when the address cannot be had; the message says which and what to do
     */
    public static HttpServer start(ListenAddress address, List<Route> routes) throws IOException {
        return start(address, routes, WebConfig.NONE);
    }

    /**
     * Opens the port and answers from then on.
     *
     * @param web TLS, users and headers, as they are now and always
     * @throws IOException when the address cannot be had or a certificate cannot be used; the message says what to do
     */
    public static HttpServer start(ListenAddress address, List<Route> routes, WebConfig web) throws IOException {
        return start(address, routes, WebConfigFile.fixed(web));
    }

    /**
     * Opens the port and answers from then on.
     *
     * @param web TLS, users and headers, taken up whenever the file changes
     * @throws IOException when the address cannot be had or a certificate cannot be used; the message says what to do
     */
    public static HttpServer start(ListenAddress address, List<Route> routes, WebConfigFile web) throws IOException {
        com.sun.net.httpserver.HttpServer server = bind(address, web);
        Workers workers = new Workers(MAX_THREADS);
        HttpServer http = new HttpServer(server, workers, List.copyOf(routes), web);
        server.setExecutor(workers);
        server.createContext("/", http::serve);
        server.start();
        return http;
    }

    // For requests that waited for something without a thread.
    private static ThreadPoolExecutor answers() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                ANSWER_THREADS, ANSWER_THREADS, KEEP_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "http-answer-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static com.sun.net.httpserver.HttpServer bind(ListenAddress address, WebConfigFile web) throws IOException {
        TlsServerConfig tls = web.current().tlsServerConfig();
        TlsConfigurator configurator = tls == null
                ? null
                : TlsConfigurator.of(
                        () -> Objects.requireNonNullElse(web.current().tlsServerConfig(), tls));
        try {
            if (configurator == null) {
                return com.sun.net.httpserver.HttpServer.create(address.toSocketAddress(), BACKLOG);
            }
            HttpsServer server = HttpsServer.create(address.toSocketAddress(), BACKLOG);
            server.setHttpsConfigurator(configurator);
            return server;
        } catch (BindException e) {
            throw new IOException(
                    "cannot listen on " + address + ": " + e.getMessage()
                            + "; stop the program that holds the port or choose another with --listen",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /** Answers with these routes from now on. */
    public void replaceRoutes(List<Route> others) {
        routes = List.copyOf(others);
    }

    /** The address that was bound; tells the port when the system chose it. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** The port that was bound. */
    public int port() {
        return address().getPort();
    }

    private void serve(HttpExchange http) {
        if (!workers.arrived()) {
            http.close();
            return;
        }
        Exchange exchange = new Exchange(http);
        boolean admitted = underWay.incrementAndGet() <= MAX_REQUESTS;
        boolean handled = attempt(exchange, () -> handle(exchange, admitted));
        Exchange.Later later = exchange.later();
        if (handled && later != null) {
            waiting.incrementAndGet();
            underWay.decrementAndGet();
            later.ready().whenCompleteAsync((value, failure) -> finish(exchange, http, later.answer()), answers);
        } else {
            underWay.decrementAndGet();
            http.close();
        }
    }

    private void finish(Exchange exchange, HttpExchange http, Exchange.Answer answer) {
        attempt(exchange, answer);
        waiting.decrementAndGet();
        http.close();
    }

    private void handle(Exchange exchange, boolean admitted) throws IOException, HttpError {
        if (!admitted) {
            throw new HttpError(503, "more than " + MAX_REQUESTS + " requests at once");
        }
        WebConfig current = web.current();
        current.httpServerConfig().headers().forEach(exchange::setHeader);
        limitRate(current);
        authenticate(current, exchange);
        dispatch(exchange);
    }

    private static boolean attempt(Exchange exchange, Exchange.Answer answer) {
        try {
            answer.give();
            return true;
        } catch (HttpError e) {
            answerError(exchange, e.status(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            logger.debug("client went away: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            logger.atError().setCause(e).addKeyValue("path", exchange.path()).log("request failed");
            answerError(exchange, 500, "internal error; see the log");
        }
        return false;
    }

    private void limitRate(WebConfig current) throws HttpError {
        if (!current.rateLimit().equals(rate.config())) {
            rate = new RateLimit(current.rateLimit(), System::nanoTime);
        }
        if (!rate.admits()) {
            throw new HttpError(429, "more requests than rate_limit allows");
        }
    }

    private void authenticate(WebConfig current, Exchange exchange) throws HttpError {
        if (current.basicAuthUsers().isEmpty()) {
            return;
        }
        if (!users.knows(current.basicAuthUsers())) {
            users = new BasicAuth(current.basicAuthUsers());
        }
        if (!users.admits(exchange.header("Authorization"))) {
            exchange.setHeader("WWW-Authenticate", "Basic");
            throw new HttpError(401, "unauthorized");
        }
    }

    private void dispatch(Exchange exchange) throws IOException, HttpError {
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : candidates(exchange.path())) {
            if (route.allows(exchange.method())) {
                route.handler().handle(exchange);
                return;
            }
            allowed.addAll(route.methods());
        }
        if (allowed.isEmpty()) {
            throw new HttpError(404, "nothing here: " + exchange.path());
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        exchange.setHeader("Allow", String.join(", ", allowed));
        throw new HttpError(405, exchange.method() + " is not served here; use " + String.join(" or ", allowed));
    }

    // Exact routes first, then prefixes, the longest first.
    private List<Route> candidates(String path) {
        List<Route> found = new ArrayList<>();
        for (Route route : routes) {
            if (route.matches(path)) {
                found.add(route);
            }
        }
        found.sort((a, b) -> a.isPrefix() != b.isPrefix()
                ? Boolean.compare(a.isPrefix(), b.isPrefix())
                : Integer.compare(b.path().length(), a.path().length()));
        return found;
    }

    private static void answerError(Exchange exchange, int status, String message) {
        try {
            exchange.respondText(status, message + "\n");
        } catch (IOException e) {
            logger.debug("answer already begun or client gone: {}", e.getMessage());
        }
    }

    /** Stops listening, lets requests under way finish for up to {@code grace}, then cuts them. */
    public void stop(Duration grace) {
        boolean idle = underWay.get() == 0 && waiting.get() == 0;
        server.stop(idle ? 0 : (int) grace.toSeconds());
        workers.stop();
        answers.shutdown();
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
