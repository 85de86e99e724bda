package io.emberwatch.exporter.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.exporter.status.Mutations;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.exporter.status.ValidPage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Whatever a stats server answers, it is a page or a fault. */
class UwsgiFuzzTest {
    private static final String STATS = """
            {"version": "2.0.21", "listen_queue": 1, "listen_queue_errors": 2, "signal_queue": 3, "load": 0,
             "sockets": [{"name": "127.0.0.1:80", "proto": "http", "queue": 4, "max_queue": 100, "shared": 0, "can_offload": 1},
                         {"name": "127.0.0.1:80", "proto": "http", "queue": 9, "max_queue": 9, "shared": 0, "can_offload": 1}],
             "caches": [{"hits": 5, "miss": 6, "items": 7, "max_items": 8, "full": 9, "name": "c"}],
             "workers": [{"id": 0, "requests": 99}, {"id": 1, "accepting": 1, "requests": 10, "delta_requests": 11,
               "exceptions": 12, "harakiri_count": 13, "signals": 14, "signal_queue": 15, "status": "busy", "rss": 16,
               "vsz": 17, "running_time": 1500000, "last_spawn": 18, "respawn_count": 19, "tx": 20, "avg_rt": 2500,
               "apps": [{"id": 0, "mountpoint": "/m", "startup_time": 2, "requests": 21, "exceptions": 22, "chdir": "/d"}],
               "cores": [{"id": 0, "requests": 23, "static_requests": 24, "routed_requests": 25,
                 "offloaded_requests": 26, "write_errors": 27, "read_errors": 28, "in_request": 1}]}]}
            """;

    @Test
    void everythingHasItsName() throws Exception {
        String page = ValidPage.of(UwsgiTarget.parse(STATS.getBytes(StandardCharsets.UTF_8), "tcp://u", true));
        assertThat(page)
                .contains("uwsgi_listen_queue_length{stats_uri=\"tcp://u\"} 1\n")
                .contains("uwsgi_workers{stats_uri=\"tcp://u\"} 1\n")
                .contains("uwsgi_socket_queue_length{name=\"127.0.0.1:80\",proto=\"http\",stats_uri=\"tcp://u\"} 4\n")
                .contains("uwsgi_worker_running_time_seconds{stats_uri=\"tcp://u\",worker_id=\"1\"} 1.5\n")
                .contains("uwsgi_worker_average_response_time_seconds{stats_uri=\"tcp://u\",worker_id=\"1\"} 0.0025\n")
                .contains("uwsgi_worker_busy{stats_uri=\"tcp://u\",worker_id=\"1\"} 1\n")
                .contains("uwsgi_worker_idle{stats_uri=\"tcp://u\",worker_id=\"1\"} 0\n")
                .contains("# TYPE uwsgi_worker_transmitted_bytes_total counter\n")
                .contains("uwsgi_worker_app_requests_total{app_id=\"0\",chdir=\"/d\",mountpoint=\"/m\","
                        + "stats_uri=\"tcp://u\",worker_id=\"1\"} 21\n")
                .contains(
                        "uwsgi_worker_core_read_errors_total{core_id=\"0\",stats_uri=\"tcp://u\",worker_id=\"1\"} 28\n")
                .contains("# TYPE uwsgi_cache_hits counter\n")
                .contains("uwsgi_cache_misses{name=\"c\",stats_uri=\"tcp://u\"} 6\n")
                .doesNotContain("worker_id=\"0\"");
    }

    @FuzzTest
    void anyAnswerIsAPageOrAFault(byte[] data) {
        try {
            ValidPage.of(UwsgiTarget.parse(data, "tcp://u", true));
        } catch (TargetFault documented) {
            // What garbage is.
        }
    }

    @Test
    void spoiltAnswersArePagesOrFaults() {
        Mutations.of(STATS, 3000).forEach(this::anyAnswerIsAPageOrAFault);
    }
}
