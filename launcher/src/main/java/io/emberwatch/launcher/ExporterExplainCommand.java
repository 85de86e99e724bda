package io.emberwatch.launcher;

import io.emberwatch.exporter.ExporterService;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.HttpClients;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "explain",
        description = {
            "Tells where a series comes from and what the page makes of it, or what becomes of a line sent to a listener or"
                    + " printed by a sensor, or which member a URL is.",
            "Without --url the configuration is tried here: sources are asked once, nothing listens and no sensor starts."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch exporter explain 'node_cpu_seconds_total{cpu=\"0\"}'",
            "  emberwatch exporter explain --url http://127.0.0.1:9601 sensor_cpu_load",
            "  emberwatch exporter explain --config emberwatch.yml '7.250 5000000 12'",
            "  emberwatch exporter explain --config emberwatch.yml 'jobs.done:1|c|@0.1'",
            "  emberwatch exporter explain --config emberwatch.yml 'cpu,host=a usage_idle=93.5'",
        })
final class ExporterExplainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Mixin
    private FileOptions options = new FileOptions();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "ask the exporter that runs there, http://host:port, instead of trying the configuration here")
    private @Nullable URI url;

    @Parameters(
            paramLabel = "TEXT",
            description = "a series, a line as a listener or a sensor takes it, a path of a file, or a URL")
    @SuppressWarnings("NullAway.Init") // required
    private String text;

    @Override
    public Integer call() throws IOException, ConfigException {
        List<String> lines = url == null ? here() : at(url);
        lines.forEach(spec.commandLine().getOut()::println);
        return Emberwatch.OK;
    }

    private List<String> here() throws IOException, ConfigException {
        try (ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system())) {
            ExporterService exporter = new ExporterService(
                    EmberwatchConfig.read(options.config).exporter(),
                    options.context(scheduler),
                    List.of(),
                    Home.simulatedSensor(),
                    true);
            try {
                return exporter.explain(text);
            } finally {
                exporter.stop();
            }
        }
    }

    private List<String> at(URI running) throws IOException {
        HttpUrl address = HttpUrl.get(running.toString())
                .newBuilder()
                .addPathSegments("exporter/explain")
                .build();
        Request request = new Request.Builder()
                .url(address)
                .post(RequestBody.create(text, MediaType.get("text/plain; charset=utf-8")))
                .build();
        try (Response response =
                HttpClients.withTimeout(PATIENCE).newCall(request).execute()) {
            String answer = response.body().string().strip();
            if (!response.isSuccessful()) {
                throw new IOException(address + " answered " + response.code() + ": " + answer);
            }
            return List.of(answer);
        }
    }
}
