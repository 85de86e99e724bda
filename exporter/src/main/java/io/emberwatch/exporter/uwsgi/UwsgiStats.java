package io.emberwatch.exporter.uwsgi;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the JSON of a stats server says, in uwsgi_exporter's words. Not safe for several threads. */
final class UwsgiStats {
    private static final double MICROS = 1e6;
    private static final List<String> STATUSES = List.of("busy", "idle", "cheap");

    private final Families families = new Families();
    private final String statsUri;
    private final boolean withCores;

    UwsgiStats(String statsUri, boolean withCores) {
        this.statsUri = statsUri;
        this.withCores = withCores;
    }

    List<MetricFamily> families(JsonNode stats) {
        // A worker numbered 0 stands by and has nothing to say.
        List<JsonNode> workers = new ArrayList<>();
        stats.path("workers").forEach(worker -> {
            if (worker.path("id").asInt() != 0) {
                workers.add(worker);
            }
        });
        gauge("listen_queue_length", "Length of listen queue.", number(stats, "listen_queue"));
        gauge("listen_queue_errors", "Number of listen queue errors.", number(stats, "listen_queue_errors"));
        gauge("signal_queue_length", "Length of signal queue.", number(stats, "signal_queue"));
        gauge("workers", "Number of workers.", workers.size());
        sockets(stats);
        workers.forEach(this::worker);
        stats.path("caches").forEach(this::cache);
        return families.list();
    }

    private void sockets(JsonNode stats) {
        Set<List<String>> seen = new HashSet<>();
        for (JsonNode socket : stats.path("sockets")) {
            String name = socket.path("name").asText();
            String proto = socket.path("proto").asText();
            if (seen.add(List.of(name, proto))) {
                String[] labels = {"name", name, "proto", proto};
                gauge("socket_queue_length", "Length of socket queue.", number(socket, "queue"), labels);
                gauge("socket_max_queue_length", "Max length of socket queue.", number(socket, "max_queue"), labels);
                gauge("socket_shared", "Is shared socket?", number(socket, "shared"), labels);
                gauge("socket_can_offload", "Can socket offload?", number(socket, "can_offload"), labels);
            }
        }
    }

    private void worker(JsonNode worker) {
        String id = String.valueOf(worker.path("id").asInt());
        String[] labels = {"worker_id", id};
        gauge("worker_accepting", "Is this worker accepting requests?", number(worker, "accepting"), labels);
        gauge("worker_delta_requests", "Number of delta requests", number(worker, "delta_requests"), labels);
        gauge("worker_signal_queue_length", "Length of signal queue.", number(worker, "signal_queue"), labels);
        gauge("worker_rss_bytes", "Worker RSS bytes.", number(worker, "rss"), labels);
        gauge("worker_vsz_bytes", "Worker VSZ bytes.", number(worker, "vsz"), labels);
        gauge(
                "worker_running_time_seconds",
                "Worker running time in seconds.",
                number(worker, "running_time") / MICROS,
                labels);
        gauge(
                "worker_last_spawn_time_seconds",
                "Last spawn time in seconds since epoch.",
                number(worker, "last_spawn"),
                labels);
        gauge(
                "worker_average_response_time_seconds",
                "Average response time in seconds.",
                number(worker, "avg_rt") / MICROS,
                labels);
        for (String status : STATUSES) {
            String help = status.equals("cheap") ? "Is core in cheap mode" : "Is core in " + status;
            gauge("worker_" + status, help, worker.path("status").asText().equals(status) ? 1 : 0, labels);
        }
        counter("worker_requests_total", "Total number of requests.", number(worker, "requests"), labels);
        counter("worker_exceptions_total", "Total number of exceptions.", number(worker, "exceptions"), labels);
        counter(
                "worker_harakiri_count_total",
                "Total number of harakiri count.",
                number(worker, "harakiri_count"),
                labels);
        counter("worker_signals_total", "Total number of signals.", number(worker, "signals"), labels);
        counter(
                "worker_respawn_count_total",
                "Total number of respawn count.",
                number(worker, "respawn_count"),
                labels);
        counter("worker_transmitted_bytes_total", "Worker transmitted bytes.", number(worker, "tx"), labels);
        gauge("worker_apps", "Number of apps.", worker.path("apps").size(), labels);
        worker.path("apps").forEach(app -> app(id, app));
        gauge("worker_cores", "Number of cores.", worker.path("cores").size(), labels);
        if (withCores) {
            worker.path("cores").forEach(core -> core(id, core));
        }
    }

    private void app(String worker, JsonNode app) {
        String[] labels = {
            "worker_id", worker,
            "app_id", String.valueOf(app.path("id").asInt()),
            "mountpoint", app.path("mountpoint").asText(),
            "chdir", app.path("chdir").asText()
        };
        gauge(
                "worker_app_startup_time_seconds",
                "How long this app took to start.",
                number(app, "startup_time"),
                labels);
        counter("worker_app_requests_total", "Total number of requests.", number(app, "requests"), labels);
        counter("worker_app_exceptions_total", "Total number of exceptions.", number(app, "exceptions"), labels);
    }

    private void core(String worker, JsonNode core) {
        String[] labels = {
            "worker_id", worker, "core_id", String.valueOf(core.path("id").asInt())
        };
        gauge("worker_core_busy", "Is core busy", number(core, "in_request"), labels);
        counter("worker_core_requests_total", "Total number of requests.", number(core, "requests"), labels);
        counter(
                "worker_core_static_requests_total",
                "Total number of static requests.",
                number(core, "static_requests"),
                labels);
        counter(
                "worker_core_routed_requests_total",
                "Total number of routed requests.",
                number(core, "routed_requests"),
                labels);
        counter(
                "worker_core_offloaded_requests_total",
                "Total number of offloaded requests.",
                number(core, "offloaded_requests"),
                labels);
        counter(
                "worker_core_write_errors_total",
                "Total number of write errors.",
                number(core, "write_errors"),
                labels);
        counter("worker_core_read_errors_total", "Total number of read errors.", number(core, "read_errors"), labels);
    }

    private void cache(JsonNode cache) {
        String[] labels = {"name", cache.path("name").asText()};
        counter("cache_hits", "Total number of hits.", number(cache, "hits"), labels);
        // "miss" is uWSGI's own spelling.
        counter("cache_misses", "Total number of misses.", number(cache, "miss"), labels);
        counter("cache_full", "Total Number of times cache full was hit.", number(cache, "full"), labels);
        gauge("cache_items", "Items in cache.", number(cache, "items"), labels);
        gauge("cache_max_items", "Max items for this cache.", number(cache, "max_items"), labels);
    }

    private static double number(JsonNode node, String key) {
        return node.path(key).asDouble();
    }

    private void gauge(String name, String help, double value, String... labels) {
        families.add(MetricType.GAUGE, "uwsgi_" + name, help, value, labelled(labels));
    }

    private void counter(String name, String help, double value, String... labels) {
        families.add(MetricType.COUNTER, "uwsgi_" + name, help, value, labelled(labels));
    }

    private Labels labelled(String... labels) {
        return Labels.of(labels).with("stats_uri", statsUri);
    }
}
