package io.emberwatch.exporter.rabbitmq;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import io.emberwatch.exporter.rabbitmq.RabbitmqTarget.Server;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.model.Labels;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/** What the management plugin says, in rabbitmq_exporter's words, of what the configuration lets through. */
final class ManagementNames {
    private static final double MILLIS = 1000;

    private final Choice vhosts;
    private final Choice queues;
    private final Choice exchanges;

    ManagementNames(RabbitmqConfig config) {
        vhosts = new Choice(Pattern.compile(config.includeVhost()), Pattern.compile(config.skipVhost()));
        queues = new Choice(Pattern.compile(config.includeQueues()), Pattern.compile(config.skipQueues()));
        exchanges = new Choice(Pattern.compile(config.includeExchanges()), Pattern.compile(config.skipExchanges()));
    }

    private record Choice(Pattern include, Pattern skip) {
        boolean takes(String name) {
            return include.matcher(name).find() && !skip.matcher(name).find();
        }
    }

    void overview(Families families, JsonNode overview, Server server) {
        families.gauge(
                "rabbitmq_version_info",
                "A metric with a constant '1' value labeled by rabbitmq version, erlang version, node, cluster.",
                1,
                "rabbitmq",
                overview.path("rabbitmq_version").asText(),
                "erlang",
                overview.path("erlang_version").asText(),
                "node",
                server.node(),
                "cluster",
                server.cluster());
        table(families, ManagementStat.OVERVIEW, overview, Labels.of("cluster", server.cluster()));
    }

    void node(Families families, JsonNode node, Server server) {
        String name = node.path("name").asText();
        table(
                families,
                ManagementStat.NODE,
                node,
                Labels.of("cluster", server.cluster(), "node", name, "self", self(name, server)));
    }

    void exchange(Families families, JsonNode exchange, Server server) {
        String vhost = exchange.path("vhost").asText();
        String name = exchange.path("name").asText();
        if (vhosts.takes(vhost) && exchanges.takes(name)) {
            table(
                    families,
                    ManagementStat.EXCHANGE,
                    exchange,
                    Labels.of("cluster", server.cluster(), "vhost", vhost, "exchange", name));
        }
    }

    void queue(Families families, JsonNode queue, Server server) {
        String vhost = queue.path("vhost").asText();
        String name = queue.path("name").asText();
        if (!vhosts.takes(vhost) || !queues.takes(name)) {
            return;
        }
        Labels labels = Labels.builder()
                .set("cluster", server.cluster())
                .set("vhost", vhost)
                .set("queue", name)
                .set("durable", queue.path("durable").asText())
                .set("policy", queue.path("policy").asText(""))
                .set("self", self(queue.path("node").asText(), server))
                .build();
        table(families, ManagementStat.QUEUE, queue, labels);
        for (ManagementStat stat : ManagementStat.QUEUE_COUNTERS) {
            Double value = stat.valueIn(queue);
            families.add(stat.type(), stat.name(), stat.help(), value == null ? 0 : value, labels);
        }
        state(families, queue, labels);
        limit(
                families,
                queue,
                labels,
                "max-length",
                "rabbitmq_queue_max_length",
                "How many (ready) messages a queue can" + " contain before it starts to drop them from its head.");
        limit(
                families,
                queue,
                labels,
                "max-length-bytes",
                "rabbitmq_queue_max_length_bytes",
                "Total body size for ready"
                        + " messages a queue can contain before it starts to drop them from its head.");
    }

    private static void state(Families families, JsonNode queue, Labels labels) {
        String state = queue.path("state").asText();
        String idleSince = queue.path("idle_since").asText("");
        if (!idleSince.isEmpty()) {
            try {
                Instant since = Instant.parse(idleSince.replace(' ', 'T') + (idleSince.contains(" ") ? "Z" : ""));
                families.gauge(
                        "rabbitmq_queue_idle_since_seconds",
                        "starttime where the queue switched to idle state; in seconds since epoch (1970).",
                        since.toEpochMilli() / MILLIS,
                        pairs(labels));
                state = state.equals("running") ? "idle" : state;
            } catch (DateTimeParseException | ArithmeticException anotherForm) {
                // Only the moment is lost.
            }
        }
        families.gauge(
                "rabbitmq_queue_state",
                "A metric with a value of queue state, 1(running,idle), 0(flow,blocked,unblocked)",
                state.equals("running") || state.equals("idle") ? 1 : 0,
                pairs(labels.with("state", state)));
    }

    // Of an argument and a policy the stricter holds.
    private static void limit(Families families, JsonNode queue, Labels labels, String key, String name, String help) {
        double limit = Double.POSITIVE_INFINITY;
        for (JsonNode given : List.of(
                queue.path("arguments").path("x-" + key),
                queue.path("effective_policy_definition").path(key))) {
            limit = given.isNumber() ? Math.min(limit, given.asDouble()) : limit;
        }
        if (Double.isFinite(limit)) {
            families.gauge(name, help, limit, pairs(labels));
        }
    }

    void connection(Families families, JsonNode connection, Server server) {
        String vhost = connection.path("vhost").asText();
        if (vhosts.takes(vhost)) {
            String node = connection.path("node").asText();
            table(
                    families,
                    ManagementStat.CONNECTION,
                    connection,
                    Labels.builder()
                            .set("cluster", server.cluster())
                            .set("vhost", vhost)
                            .set("node", node)
                            .set("peer_host", connection.path("peer_host").asText())
                            .set("user", connection.path("user").asText())
                            .set("self", self(node, server))
                            .set("connection", connection.path("name").asText())
                            .build());
        }
    }

    private static String self(String node, Server server) {
        return node.equals(server.node()) ? "1" : "0";
    }

    private static void table(Families families, List<ManagementStat> stats, JsonNode answer, Labels labels) {
        for (ManagementStat stat : stats) {
            Double value = stat.valueIn(answer);
            if (value != null) {
                families.add(stat.type(), stat.name(), stat.help(), value, labels);
            }
        }
    }

    private static String[] pairs(Labels labels) {
        String[] pairs = new String[2 * labels.size()];
        for (int i = 0; i < labels.size(); i++) {
            pairs[2 * i] = labels.name(i);
            pairs[2 * i + 1] = labels.value(i);
        }
        return pairs;
    }
}
