package io.emberwatch.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A component of the push path as a user runs it, which can be killed and started again. */
final class PushProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final String name;
    private final String component;
    private final Path config;
    private final int port;
    private ServerProcess process;

    PushProcess(Path folder, String name, String component, Path config) throws IOException {
        this.folder = folder;
        this.name = name;
        this.component = component;
        this.config = config;
        port = Peers.freePort();
        process = launch();
    }

    private ServerProcess launch() throws IOException {
        return Program.start(
                name,
                folder,
                "push",
                component,
                "--config=" + config,
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve(name + "-data"));
    }

    void awaitReady() throws Exception {
        Peers.await(
                name + " is ready",
                PATIENCE,
                () -> Http.get("http://127.0.0.1:" + port + "/-/ready").statusCode() == 200);
    }

    /** Why it is not ready; empty when it is. */
    String ready() throws IOException {
        return Http.get("http://127.0.0.1:" + port + "/-/ready").body();
    }

    /** Kills it and starts it again, without waiting for it. */
    void killAndRestart() throws Exception {
        process.kill();
        process = launch();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    /** Starts it again, ending it in order if it runs, without waiting for it. */
    void restart() throws IOException {
        process.close();
        process = launch();
    }

    String page() throws IOException {
        return Http.get("http://127.0.0.1:" + port + "/metrics").body();
    }

    /** The sum of the series of a metric whose line begins so. */
    double sum(String beginning) throws IOException {
        return page().lines()
                .filter(line -> line.startsWith(beginning + " ") || line.startsWith(beginning + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    String tail() {
        return process.tail();
    }

    @Override
    public void close() {
        process.close();
    }
}
