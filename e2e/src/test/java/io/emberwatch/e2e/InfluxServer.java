package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Debian's InfluxDB 1.6 with its data in a folder; another one there finds what the last one left. */
final class InfluxServer implements AutoCloseable {
    private final int port;
    private final ServerProcess process;

    private InfluxServer(int port, ServerProcess process) {
        this.port = port;
        this.process = process;
    }

    /** @param port where it answers HTTP */
    static InfluxServer start(Path folder, int port) throws Exception {
        int rpc = Peers.freePort();
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
                [continuous_queries]
                  run-interval = "1s"
                """.formatted(rpc, port, home));
        ServerProcess process = ServerProcess.start(
                "influxd-" + port,
                folder,
                List.of(Peers.program("/usr/bin/influxd", "influxdb"), "-config", settings.toString()));
        InfluxServer server = new InfluxServer(port, process);
        Peers.await(
                "InfluxDB answers",
                Duration.ofSeconds(30),
                () -> Http.get(server.url() + "/ping").statusCode() == 204);
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The result of a statement, as InfluxDB says it; nothing for one that creates. */
    JsonNode query(String database, String statement) throws IOException {
        String parameters = "?db=" + database + "&epoch=ms&q=" + URLEncoder.encode(statement, StandardCharsets.UTF_8);
        if (statement.startsWith("CREATE")) {
            Http.post(url() + "/query" + parameters, "application/x-www-form-urlencoded", "");
            return MissingNode.getInstance();
        }
        return Http.json(url() + "/query" + parameters).path("results").path(0);
    }

    /** The rows of the first series that a statement gives. */
    JsonNode rows(String database, String statement) throws IOException {
        return query(database, statement).path("series").path(0).path("values");
    }

    void write(String database, String lines) throws IOException {
        int status =
                Http.post(url() + "/write?db=" + database, "text/plain", lines).statusCode();
        if (status != 204) {
            throw new IOException("InfluxDB answers " + status);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
