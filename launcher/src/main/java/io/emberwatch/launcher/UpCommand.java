package io.emberwatch.launcher;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description = {
            "Runs everything on this machine in one process: exporter, rule engine, scorer, bridge and the page at"
                    + " http://127.0.0.1:9600/.",
            "No Prometheus, Alertmanager, Kafka or Grafana is needed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch up",
            "  emberwatch up --demo",
            "  emberwatch up --etcd http://10.0.0.1:2379 --etcd http://10.0.0.2:2379",
            "  emberwatch up --config emberwatch.yml --data /var/lib/emberwatch",
        })
final class UpCommand implements Callable<Integer> {
    private static final int PORT = 9600;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(names = "--etcd", paramLabel = "URL", description = "a member of an etcd cluster to watch; repeat for more")
    private List<URI> etcd = List.of();

    @Option(names = "--demo", description = "also start an etcd cluster of three members in the data directory")
    private boolean demo;

    @Override
    public Integer call() throws IOException, ConfigException, MissingException {
        ListenAddress listen = options.listenOr(PORT);
        requireWritable(options.data);
        EmberwatchConfig config = EmberwatchConfig.read(options.config);
        DemoEtcd cluster = demo ? DemoEtcd.start(options.data.toAbsolutePath().resolve("demo-etcd")) : null;
        try {
            List<URI> members = new ArrayList<>(etcd);
            if (!members.isEmpty()) {
                config = config.watching("etcd", members);
            }
            if (cluster != null) {
                config = config.watching("demo", cluster.urls());
            }
            serve(config, listen);
            return Emberwatch.OK;
        } finally {
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    private void serve(EmberwatchConfig config, ListenAddress listen) throws IOException, ConfigException {
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        ServiceServer server = AllInOne.of(config, options.context(scheduler), listen);
        int port = server.start(listen);
        PrintWriter out = spec.commandLine().getOut();
        String host = listen.host().isEmpty() ? "127.0.0.1" : listen.host();
        out.println("Emberwatch is up: http://" + new ListenAddress(host, port) + "/");
        out.println("  watching  " + watching(config));
        out.println("  alerts    " + delivery(config));
        out.println("  data      " + options.data.toAbsolutePath().normalize());
        out.println("Ctrl-C ends it.");
        out.flush();
        Running.untilStopped(server, scheduler);
    }

    private static String watching(EmberwatchConfig config) {
        List<String> things = new ArrayList<>();
        int sensors = config.exporter().sensors().size();
        if (sensors > 0) {
            things.add(sensors == 1 ? "1 sensor" : sensors + " sensors");
        }
        if (config.exporter().host().enabled()) {
            things.add("this host");
        }
        config.exporter()
                .etcd()
                .clusters()
                .forEach(cluster -> things.add("etcd cluster " + cluster.name() + " ("
                        + cluster.members().size() + " members)"));
        return String.join(", ", things);
    }

    private static String delivery(EmberwatchConfig config) {
        List<String> channels = config.bridge().channels();
        return channels.isEmpty()
                ? "are shown on the page; name a channel under bridge in a configuration file to have them sent"
                : "go to " + String.join(", ", channels);
    }

    private static void requireWritable(Path data) throws IOException {
        try {
            Files.createDirectories(data);
            Path probe = Files.createTempFile(data, ".probe", "");
            Files.delete(probe);
        } catch (IOException e) {
            throw new IOException(
                    "cannot write to the data directory " + data.toAbsolutePath() + ": " + reason(e)
                            + "; choose another with --data or make it writable",
                    e);
        }
    }

    private static @Nullable String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : e.getMessage();
    }
}
