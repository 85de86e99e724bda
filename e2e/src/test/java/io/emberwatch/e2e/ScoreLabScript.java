package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/**
 * What the script of the etcd heatmap of 2022 would print: six queries of which it reads the first series only. NaN is
 * where it stops with an error, because a series is missing or is not a number.
 */
final class ScoreLabScript {
    private ScoreLabScript() {}

    static double score(String prometheus) throws IOException {
        double wal = first(prometheus, "job:etcd_disk_wal_fsync_duration_seconds_bucket:99percentile");
        double commit = first(prometheus, "job:etcd_disk_backend_commit_duration_seconds_bucket:99percentile");
        double files = first(prometheus, "job:process_open_fds:clone{instance=~\"etcd-.+\"}");
        double changes = first(prometheus, "job:etcd_server_leader_changes_seen_total:changes1d");
        double traffic = first(prometheus, "job:etcd_network_client_grpc_received_bytes_total:rate5m");
        double size = first(prometheus, "job:etcd_debugging_mvcc_db_total_size_in_bytes:clone");
        double known = wal + commit + files + changes + traffic + size;
        if (Double.isNaN(known)) {
            return Double.NaN;
        }
        double score = 0.3 * (wal > 0.01 ? 0 : 10);
        score += 0.2 * (commit > 0.04 ? 0 : commit > 0.025 ? 5 : 10);
        score += 0.1 * (files > 1024 ? 0 : 10);
        score += 0.3 * (changes > 5 ? 0 : 10);
        return score + 0.05 * 10 + 0.05 * 10;
    }

    private static double first(String prometheus, String query) throws IOException {
        JsonNode result = Http.query(prometheus, query);
        return result.isEmpty()
                ? Double.NaN
                : Double.parseDouble(result.get(0).path("value").get(1).asText());
    }
}
