package io.emberwatch.exporter.rabbitmq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.exporter.status.StatusHttp;
import io.emberwatch.exporter.status.StatusTarget;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.util.List;
import okhttp3.HttpUrl;

/**
 * One RabbitMQ server, read through its management plugin. A module that fails is shown as down by {@code
 * rabbitmq_module_up} and costs no other module anything.
 */
public final class RabbitmqTarget implements StatusTarget {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_ANSWER = 64 << 20;
    private static final double NANOS = 1e9;

    private final RabbitmqConfig config;
    private final HttpUrl api;
    private final StatusHttp http;
    private final ManagementNames names;

    public RabbitmqTarget(RabbitmqConfig config) {
        this.config = config;
        names = new ManagementNames(config);
        api = Addresses.http(config.url()).newBuilder().addPathSegment("api").build();
        http = new StatusHttp(LARGEST_ANSWER, config.tls(), config.username(), config.password());
    }

    @Override
    public String instance() {
        return config.instance() == null ? Addresses.instance(api) : config.instance();
    }

    @Override
    public List<MetricFamily> read(Deadline deadline) throws IOException, TargetFault {
        Families families = new Families();
        long started = System.nanoTime();
        JsonNode overview = ask("overview", deadline);
        if (!overview.isObject()) {
            throw TargetFault.garbage("the overview is not an object");
        }
        Server server = new Server(
                overview.path("cluster_name").asText(),
                overview.path("node").asText(),
                overview.path("object_totals").path("queues").asInt());
        names.overview(families, overview, server);
        said(families, server, "overview", true, started);
        TargetFault last = null;
        int failed = 0;
        for (String module : config.modules()) {
            started = System.nanoTime();
            boolean good = false;
            try {
                module(module, families, server, deadline);
                good = true;
            } catch (IOException e) {
                last = TargetFault.of(e);
                failed++;
            } catch (TargetFault e) {
                last = e;
                failed++;
            }
            said(families, server, module, good, started);
        }
        if (last != null && failed == config.modules().size()) {
            throw last;
        }
        return families.list();
    }

    private void module(String module, Families families, Server server, Deadline deadline)
            throws IOException, TargetFault {
        switch (module) {
            case "exchange" -> list("exchanges", deadline).forEach(item -> names.exchange(families, item, server));
            case "node" -> list("nodes", deadline).forEach(item -> names.node(families, item, server));
            case "queue" -> {
                if (config.maxQueues() == 0 || server.queues() <= config.maxQueues()) {
                    list("queues", deadline).forEach(item -> names.queue(families, item, server));
                }
            }
            default -> list("connections", deadline).forEach(item -> names.connection(families, item, server));
        }
    }

    private JsonNode list(String path, Deadline deadline) throws IOException, TargetFault {
        JsonNode list = ask(path, deadline);
        if (!list.isArray()) {
            throw TargetFault.garbage("the answer of " + path + " is not a list");
        }
        return list;
    }

    private JsonNode ask(String path, Deadline deadline) throws IOException, TargetFault {
        HttpUrl url = api.newBuilder().addPathSegment(path).build();
        try {
            return JSON.readTree(http.get(url, "application/json", deadline).body());
        } catch (JsonProcessingException e) {
            throw TargetFault.garbage("the answer of " + path + " is not JSON");
        }
    }

    private static void said(Families families, Server server, String module, boolean up, long started) {
        String[] labels = {"cluster", server.cluster(), "node", server.node(), "module", module};
        families.gauge(
                "rabbitmq_module_up", "Was the last scrape of rabbitmq successful per module.", up ? 1 : 0, labels);
        families.gauge(
                "rabbitmq_module_scrape_duration_seconds",
                "Duration of the last scrape in seconds",
                (System.nanoTime() - started) / NANOS,
                labels);
    }

    @Override
    public MetricFamily verdict(boolean read) {
        return MetricFamily.gauge("rabbitmq_up", "Was the last scrape of rabbitmq successful.", read ? 1 : 0);
    }

    /** Which server answered. */
    record Server(String cluster, String node, int queues) {}
}
