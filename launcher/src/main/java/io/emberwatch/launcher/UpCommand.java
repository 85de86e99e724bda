package io.emberwatch.launcher;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.WebConfig;
import io.emberwatch.service.http.WebConfigFile;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
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
            "No Prometheus, Alertmanager, Kafka or Grafana is needed.",
            "",
            "The rule engine reads the metrics of this process at its own port. When that port is guarded by --web-config, or"
                    + " chosen by the system, it reads them at a second port of 127.0.0.1, also chosen by the system, which"
                    + " answers /metrics to this process alone."
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
            "  emberwatch up --listen :9600 --web-config web.config.yml",
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
        EmberwatchConfig config = EmberwatchConfig.read(options.config);
        WebConfigFile web = options.web();
        DataDirectory.requireWritable(options.data, "--data");
        DemoEtcd cluster = demo ? DemoEtcd.start(options.data.toAbsolutePath().resolve("demo-etcd")) : null;
        try {
            serve(
                    watchingMore(config, cluster),
                    () -> watchingMore(EmberwatchConfig.read(options.config), cluster),
                    listen,
                    web);
            return Emberwatch.OK;
        } finally {
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    private EmberwatchConfig watchingMore(EmberwatchConfig config, @Nullable DemoEtcd cluster) {
        EmberwatchConfig more = etcd.isEmpty() ? config : config.watching("etcd", etcd);
        return cluster == null ? more : more.watching("demo", cluster.urls());
    }

    private void serve(EmberwatchConfig config, AllInOne.Rereading rereading, ListenAddress listen, WebConfigFile web)
            throws IOException, ConfigException {
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        try (OwnPages pages = OwnPages.of(listen, web.current())) {
            ServiceServer server = AllInOne.of(config, rereading, options.context(scheduler), pages);
            Running.untilStopped(
                    server,
                    scheduler,
                    () -> announce(config, new ListenAddress(listen.host(), server.start(listen, web)), web.current()));
        }
    }

    private void announce(EmberwatchConfig config, ListenAddress bound, WebConfig web) {
        PrintWriter out = spec.commandLine().getOut();
        String host = bound.host().isEmpty() ? "127.0.0.1" : bound.host();
        String scheme = web.tlsServerConfig() == null ? "http" : "https";
        out.println("Emberwatch is up: " + scheme + "://" + new ListenAddress(host, bound.port()) + "/");
        out.println("  watching  " + watching(config));
        out.println("  alerts    " + delivery(config));
        out.println("  data      " + options.data.toAbsolutePath().normalize());
        out.println("Ctrl-C ends it.");
        out.flush();
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
}
