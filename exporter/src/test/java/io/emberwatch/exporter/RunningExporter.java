package io.emberwatch.exporter;

import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;

/** An exporter on a free port of this machine. */
final class RunningExporter implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
    private final ServiceServer server;
    private final ExporterService service;
    private final int port;

    /** What a reload reads. */
    void configure(String yaml) {
        service.rereading(() -> ConfigReader.parse("exporter.yml", yaml, ExporterConfig.class));
    }

    int port() {
        return port;
    }

    HttpResponse<String> reload() throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/-/reload"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    RunningExporter(String yaml, List<SampleSource> extra) throws IOException, ConfigException {
        ExporterConfig config = ConfigReader.parse("exporter.yml", yaml, ExporterConfig.class);
        ServiceContext context =
                new ServiceContext(InstantSource.system(), scheduler, Path.of("data"), Path.of("home"));
        service = new ExporterService(config, context, extra, List.of("sh", "-c", "echo 7 5000000 1; sleep 60"), true);
        server = new ServiceServer(List.of(service));
        port = server.start(ListenAddress.parse("127.0.0.1:0"));
    }

    ExporterService service() {
        return service;
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path.replace("[]", "%5B%5D")));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    String page(String path, String... headers) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path, headers);
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    /** The names of all samples of a page. */
    static List<String> names(String page) {
        return Pattern.compile("(?m)^[a-zA-Z_:][a-zA-Z0-9_:]*")
                .matcher(page)
                .results()
                .map(match -> match.group())
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        server.close();
        scheduler.close();
    }
}
