package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Debian's InfluxDB 1.x on loopback, which can be killed and comes back with its data. */
final class InfluxServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Path settings;
    private final int port;
    private ServerProcess process;

    private InfluxServer(Path folder, Path settings, int port) throws Exception {
        this.folder = folder;
        this.settings = settings;
        this.port = port;
        process = launch();
    }

    static InfluxServer start(Path folder) throws Exception {
        return start(folder, Peers.freePort());
    }

    /** One that was there on the same port before has left its data. */
    static InfluxServer start(Path folder, int port) throws Exception {
        Path home = Files.createDirectories(folder.resolve("influx-" + port));
        Path settings = Files.writeString(home.resolve("influxdb.conf"), """
                reporting-disabled = true
                bind-address = "127.0.0.1:%d"
                [meta]
                  dir = "%3$s/meta"
                [data]
                  dir = "%3$s/data"
                  wal-dir = "%3$s/wal"
                [http]
                  bind-address = "127.0.0.1:%2$d"
                  log-enabled = false
                [continuous_queries]
                  run-interval = "1s"
                """.formatted(Peers.freePort(), port, home));
        return new InfluxServer(folder, settings, port);
    }

    private ServerProcess launch() throws Exception {
        ServerProcess started = ServerProcess.start(
                "influxd-" + port,
                folder,
                List.of(Peers.program("/usr/bin/influxd", "influxdb"), "-config", settings.toString()));
        Peers.await(
                "InfluxDB answers", PATIENCE, () -> Http.get(url() + "/ping").statusCode() == 204);
        return started;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    void restart() throws Exception {
        process.close();
        process = launch();
    }

    /** The result of a question, as InfluxDB says it. */
    JsonNode query(String database, String question) throws IOException {
        return Http.json(url() + "/query?epoch=ms&db=" + database + "&q="
                        + URLEncoder.encode(question, StandardCharsets.UTF_8))
                .path("results")
                .path(0);
    }

    /** The rows of the first series that a question gives. */
    JsonNode rows(String database, String question) throws IOException {
        return query(database, question).path("series").path(0).path("values");
    }

    void write(String database, String lines) throws IOException {
        int status =
                Http.post(url() + "/write?db=" + database, "text/plain", lines).statusCode();
        if (status != 204) {
            throw new IOException("InfluxDB answers " + status);
        }
    }

    void createDatabase(String name) throws IOException {
        String statement = URLEncoder.encode("CREATE DATABASE \"" + name + '"', StandardCharsets.UTF_8);
        HttpResponse<String> answer =
                Http.post(url() + "/query?q=" + statement, "application/x-www-form-urlencoded", "");
        if (answer.statusCode() != 200) {
            throw new IOException("InfluxDB answers " + answer.statusCode() + " " + answer.body());
        }
    }

    /** The sum of a query's first figures over all series. */
    long figure(String database, String query) throws IOException {
        JsonNode series = Http.json(url() + "/query?epoch=ns&db=" + database + "&q="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .path("results")
                .path(0)
                .path("series");
        long sum = 0;
        for (JsonNode one : series) {
            sum += one.path("values").path(0).path(1).asLong();
        }
        return sum;
    }

    @Override
    public void close() {
        process.close();
    }
}
