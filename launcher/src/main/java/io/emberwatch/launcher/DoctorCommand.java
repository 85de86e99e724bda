package io.emberwatch.launcher;

import io.emberwatch.bridge.alertmanager.AlertmanagerConfig;
import io.emberwatch.bridge.email.EmailConfig;
import io.emberwatch.bridge.mattermost.MattermostConfig;
import io.emberwatch.exporter.etcd.EtcdConfig;
import io.emberwatch.exporter.sensor.SensorConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import io.emberwatch.service.promapi.PrometheusClientConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = "Says what of a configuration is reachable and in order, and how to mend what is not.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Examples:", "  emberwatch doctor", "  emberwatch doctor --config emberwatch.yml"})
final class DoctorCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Mixin
    private FileOptions options = new FileOptions();

    private int troubles;

    /** What is looked at; throws with the reason when it is not in order. */
    private interface Examination {
        String run() throws IOException;
    }

    @Override
    public Integer call() throws IOException, ConfigException {
        EmberwatchConfig config = EmberwatchConfig.read(options.config);
        examine("configuration", "", () -> options.config == null ? "the defaults" : options.config.toString());
        examine("data directory", "services that keep something cannot start", () -> writable(options.data));
        for (SensorConfig sensor : config.exporter().sensors()) {
            if (!sensor.command().isEmpty()) {
                examine(
                        "sensor " + sensor.name(),
                        "correct exporter.sensors[].command",
                        () -> executable(sensor.command().get(0)));
            }
        }
        for (EtcdConfig.ClusterConfig cluster : config.exporter().etcd().clusters()) {
            for (EtcdConfig.MemberConfig member : cluster.members()) {
                examine(
                        "etcd " + cluster.name() + " " + member.instanceName(),
                        "is the member running, and is this its client address?",
                        () -> answers(member.url(), "health"));
            }
        }
        for (PrometheusClientConfig prometheus : config.scorer().prometheus()) {
            examine(
                    "Prometheus " + prometheus.url().getAuthority(),
                    "correct scorer.prometheus[].url",
                    () -> answers(prometheus.url(), "api/v1/status/buildinfo"));
        }
        for (MattermostConfig channel : config.bridge().mattermost()) {
            Stream.of(
                            channel.server(),
                            channel.url() == null
                                    ? null
                                    : URI.create(channel.url().reveal()))
                    .filter(Objects::nonNull)
                    .forEach(url -> examine(
                            "Mattermost " + channel.name(),
                            "correct the address of the server or the webhook, or open the way to its host",
                            () -> connects(url.getHost(), port(url))));
        }
        for (MattermostConfig channel : config.bridge().mattermost()) {
            URI server = channel.server();
            Secret token = channel.token();
            if (server != null && token != null) {
                examine(
                        "bot of " + channel.name(),
                        "make a new access token for the bot and give it as token or token_file",
                        () -> admits(server, token));
            }
        }
        for (EmailConfig channel : config.bridge().email()) {
            examine(
                    "mail " + channel.name(),
                    "correct host and port, or open the way to them",
                    () -> connects(channel.host(), channel.port()));
        }
        for (AlertmanagerConfig alertmanager : config.bridge().alertmanagers()) {
            examine(
                    "Alertmanager " + alertmanager.url().getAuthority(),
                    "correct bridge.alertmanagers[].url; without it nothing can be silenced and nothing missed is found",
                    () -> answers(alertmanager.url(), "api/v2/status"));
        }
        PrometheusClientConfig asked = config.bridge().reconcile().prometheus();
        if (asked != null) {
            examine(
                    "Prometheus " + asked.url().getAuthority() + " of the bridge",
                    "correct bridge.reconcile.prometheus.url; without it what was over during an outage is not found",
                    () -> answers(asked.url(), "api/v1/status/buildinfo"));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(troubles == 0 ? "all is well" : troubles + (troubles == 1 ? " trouble" : " troubles"));
        out.flush();
        return troubles == 0 ? Emberwatch.OK : Emberwatch.FAILED;
    }

    private void examine(String what, String remedy, Examination examination) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.printf("ok       %s: %s%n", what, examination.run());
        } catch (IOException | IllegalArgumentException e) {
            troubles++;
            out.printf("TROUBLE  %s: %s%n         %s%n", what, e.getMessage(), remedy);
        }
        out.flush();
    }

    private static String writable(Path folder) throws IOException {
        DataDirectory.requireWritable(folder, "--data");
        return folder.toAbsolutePath() + " is writable";
    }

    private static String executable(String program) throws IOException {
        boolean found = program.contains("/")
                ? Files.isExecutable(Path.of(program))
                : Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            throw new IOException(program + " is not there or not executable");
        }
        return program;
    }

    private static String answers(URI base, String path) throws IOException {
        HttpUrl url = HttpUrl.get(base);
        if (url == null) {
            throw new IOException(base + " is not an address");
        }
        Request request = new Request.Builder()
                .url(url.newBuilder().addPathSegments(path).build())
                .build();
        try (Response response =
                HttpClients.withTimeout(PATIENCE).newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException(base + " answered " + response.code());
            }
            return base + " answers";
        }
    }

    private static String admits(URI server, Secret token) throws IOException {
        HttpUrl url = HttpUrl.get(server);
        if (url == null) {
            throw new IOException(server + " is not an address");
        }
        Request request = new Request.Builder()
                .url(url.newBuilder().addPathSegments("api/v4/users/me").build())
                .header("Authorization", "Bearer " + token.reveal())
                .build();
        try (Response response =
                HttpClients.withTimeout(PATIENCE).newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException(server + " answered " + response.code() + " to the bot's token");
            }
            return server + " knows its token";
        }
    }

    private static String connects(@Nullable String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(String.valueOf(host), port), (int) PATIENCE.toMillis());
            return host + ":" + port + " accepts connections";
        } catch (IOException e) {
            throw new IOException(host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
    }
}
