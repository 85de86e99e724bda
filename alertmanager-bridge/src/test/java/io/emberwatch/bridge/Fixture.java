package io.emberwatch.bridge;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A running bridge on a free loopback port, with real time unless a clock is given. */
final class Fixture implements AutoCloseable {
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    final BridgeService service;
    final BridgeConfig config;
    final ServiceContext context;
    final int port;
    private final ServiceServer server;
    private final Runnable end;

    private Fixture(BridgeConfig config, ServiceContext context, int port, Runnable end) throws IOException {
        this.config = config;
        this.context = context;
        this.end = end;
        service = new BridgeService(config, context);
        server = new ServiceServer(List.of(service));
        this.port = server.start(new ListenAddress("127.0.0.1", port));
    }

    static Fixture start(Path data, String yaml) throws IOException {
        return start(data, yaml, 0);
    }

    static Fixture start(Path data, String yaml, int port) throws IOException {
        InstantSource clock = InstantSource.system();
        ThreadScheduler scheduler = new ThreadScheduler(clock);
        return new Fixture(config(yaml), new ServiceContext(clock, scheduler, data, data), port, scheduler::close);
    }

    /** A bridge for which time passes when the scheduler is told so. */
    static Fixture start(Path data, String yaml, ManualClock clock, ManualScheduler scheduler) throws IOException {
        return new Fixture(config(yaml), new ServiceContext(clock, scheduler, data, data), 0, () -> {});
    }

    static BridgeConfig config(String yaml) {
        try {
            return ConfigReader.parse("bridge.yml", yaml, BridgeConfig.class);
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The value of the first sample line that begins like this. */
    double metric(String start) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + start));
    }

    static void await(String what, Duration patience, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + patience + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Override
    public void close() {
        server.close();
        end.run();
    }
}
