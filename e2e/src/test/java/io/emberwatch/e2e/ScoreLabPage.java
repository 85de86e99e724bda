package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** The samples of a run that a score is made of, as an OpenMetrics page with times. */
final class ScoreLabPage {
    private static final List<String> FAMILIES = List.of(
            "up",
            "scrape_duration_seconds",
            "etcd_disk_wal_fsync_duration_seconds_bucket",
            "etcd_disk_backend_commit_duration_seconds_bucket",
            "etcd_network_peer_round_trip_time_seconds_bucket",
            "etcd_server_proposals_pending",
            "etcd_server_proposals_applied_total",
            "etcd_server_proposals_committed_total",
            "etcd_server_proposals_failed_total",
            "etcd_server_slow_apply_total",
            "etcd_server_heartbeat_send_failures_total",
            "etcd_server_leader_changes_seen_total",
            "etcd_server_has_leader",
            "etcd_server_is_leader",
            "etcd_server_is_learner",
            "etcd_server_quota_backend_bytes",
            "etcd_mvcc_db_total_size_in_bytes",
            "etcd_mvcc_db_total_size_in_use_in_bytes",
            "etcd_network_client_grpc_received_bytes_total",
            "etcd_network_client_grpc_sent_bytes_total",
            "etcd_disk_defrag_inflight",
            "grpc_server_handled_total{grpc_service=\"etcdserverpb.KV\"}",
            "process_start_time_seconds",
            "process_open_fds",
            "process_max_fds");

    private ScoreLabPage() {}

    static void write(String prometheus, Instant start, Instant end, Path file) throws IOException {
        long seconds = Duration.between(start, end).toSeconds();
        try (Writer out = new java.io.OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
            for (String family : FAMILIES) {
                String asked = family.contains("{") ? family.replace("}", ",job=\"etcd\"}") : family + "{job=\"etcd\"}";
                String query = URLEncoder.encode(asked + "[" + seconds + "s]", StandardCharsets.UTF_8);
                JsonNode result = Http.json(
                                prometheus + "/api/v1/query?time=" + end.getEpochSecond() + "&query=" + query)
                        .at("/data/result");
                out.write("# TYPE " + family.replaceAll("\\{.*", "") + " unknown\n");
                for (JsonNode series : result) {
                    write(series, out);
                }
            }
            out.write("# EOF\n");
        }
    }

    private static void write(JsonNode series, Writer out) throws IOException {
        Map<String, String> labels = new TreeMap<>();
        series.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        StringBuilder name = new StringBuilder(String.valueOf(labels.remove("__name__"))).append('{');
        labels.forEach((key, value) ->
                name.append(name.charAt(name.length() - 1) == '{' ? "" : ",").append(key + "=\"" + value + "\""));
        for (JsonNode point : series.path("values")) {
            out.write(name + "} " + point.get(1).asText() + " " + point.get(0).asText() + "\n");
        }
    }
}
