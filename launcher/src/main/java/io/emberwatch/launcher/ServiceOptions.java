package io.emberwatch.launcher;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.WebConfig;
import io.emberwatch.service.http.WebConfigFile;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every long-running command takes. */
final class ServiceOptions extends FileOptions {
    @Option(
            names = {"--listen", "--web.listen-address"},
            paramLabel = "ADDRESS",
            description = "host:port to serve on, or :port for every interface; default loopback")
    private @Nullable ListenAddress listen;

    @Option(
            names = {"--web-config", "--web.config.file"},
            paramLabel = "F",
            description =
                    "TLS, users and headers of the port: a web.config.yml as Prometheus and its exporters take it;"
                            + " default plain HTTP for everybody")
    private @Nullable Path webConfig;

    ListenAddress listenOr(ListenAddress otherwise) {
        return listen != null ? listen : otherwise;
    }

    ListenAddress listenOr(int port) {
        return listenOr(new ListenAddress("127.0.0.1", port));
    }

    /** Looked at again before every request. */
    WebConfigFile web() throws IOException, ConfigException {
        if (webConfig == null) {
            return WebConfigFile.fixed(WebConfig.NONE);
        }
        EmberwatchConfig.requireFile(webConfig);
        return WebConfigFile.read(webConfig);
    }

    /** Serves one service at the address until the process is told to end. */
    int serve(Service service, ListenAddress address, ThreadScheduler scheduler) throws IOException, ConfigException {
        return serve(List.of(service), address, scheduler);
    }

    /** Serves several services at the address, started in order, until the process is told to end. */
    int serve(List<Service> services, ListenAddress address, ThreadScheduler scheduler)
            throws IOException, ConfigException {
        WebConfigFile web = web();
        ServiceServer server = new ServiceServer(services);
        Running.untilStopped(server, scheduler, () -> server.start(address, web));
        return Emberwatch.OK;
    }
}
