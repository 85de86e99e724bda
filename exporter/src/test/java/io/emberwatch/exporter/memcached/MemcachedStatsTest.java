package io.emberwatch.exporter.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.exporter.status.Mutations;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.exporter.status.ValidPage;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemcachedStatsTest {
    private static final String STATS = """
            version 1.6.18
            uptime 100
            rusage_user 1.500000
            rusage_system 0.25
            cmd_set 10
            cas_hits 1
            cas_misses 2
            cas_badval 3
            get_hits 4
            get_misses 5
            cmd_flush 6
            total_items 7
            evictions 8
            extstore_limit_maxbytes 1024
            extstore_io_queue 1
            lru_crawler yes
            lru_crawler_sleep 100
            maxconns 1024
            items:1:number 2
            items:1:age 9
            items:1:hits_to_hot 3
            items:1:evicted_time 4
            1:chunk_size 96
            1:cmd_set 5
            1:cas_hits 1
            1:cas_badval 0
            active_slabs 1
            """;

    private static Map<String, String> stats(String text) {
        Map<String, String> stats = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            String[] words = line.split(" ", 2);
            stats.put(words[0], words.length == 2 ? words[1] : "");
        });
        return stats;
    }

    @Test
    void everyNumberHasItsName() throws Exception {
        Map<String, String> stats = stats(STATS);
        assertThat(ValidPage.of(MemcachedStats.families(stats, stats, stats, stats)))
                .contains("memcached_version{version=\"1.6.18\"} 1\n")
                .contains("memcached_uptime_seconds 100\n")
                .contains("memcached_process_user_cpu_seconds_total 1.5\n")
                .contains("memcached_commands_total{command=\"set\",status=\"hit\"} 4\n")
                .contains("memcached_commands_total{command=\"cas\",status=\"badval\"} 3\n")
                .contains("memcached_commands_total{command=\"flush\",status=\"hit\"} 6\n")
                .contains("# TYPE memcached_items_evicted_total counter\n")
                .contains("memcached_extstore_bytes_limit 1024\n")
                .contains("memcached_lru_crawler_enabled 1\n")
                .contains("memcached_max_connections 1024\n")
                .contains("memcached_slab_current_items{slab=\"1\"} 2\n")
                .contains("memcached_slab_lru_hits_total{lru=\"hot\",slab=\"1\"} 3\n")
                .contains("memcached_slab_chunk_size_bytes{slab=\"1\"} 96\n")
                .contains("memcached_slab_commands_total{command=\"set\",slab=\"1\",status=\"hit\"} 4\n");
    }

    @FuzzTest
    void anyStatisticsAreAPageOrAFault(byte[] data) {
        Map<String, String> stats = stats(new String(data, StandardCharsets.UTF_8));
        try {
            ValidPage.of(MemcachedStats.families(stats, stats, stats, stats));
        } catch (TargetFault documented) {
            // What garbage is.
        }
    }

    @Test
    void spoiltStatisticsArePagesOrFaults() {
        Mutations.of(STATS, 3000).forEach(this::anyStatisticsAreAPageOrAFault);
    }
}
