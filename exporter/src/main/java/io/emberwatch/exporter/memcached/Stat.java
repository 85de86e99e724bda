package io.emberwatch.exporter.memcached;

import io.emberwatch.model.MetricType;
import java.util.List;

/**
 * One number of memcached and the metric that memcached_exporter makes of it.
 *
 * @param key memcached's own word (protocol.txt)
 */
record Stat(MetricType type, String name, String key, String help) {
    static final List<Stat> GENERAL = List.of(
            counter("memcached_uptime_seconds", "uptime", "Number of seconds since the server started."),
            gauge("memcached_time_seconds", "time", "current UNIX time according to the server."),
            gauge("memcached_current_bytes", "bytes", "Current number of bytes used to store items."),
            gauge(
                    "memcached_limit_bytes",
                    "limit_maxbytes",
                    "Number of bytes this server is allowed to use for storage."),
            gauge("memcached_current_items", "curr_items", "Current number of items stored by this instance."),
            counter(
                    "memcached_items_total",
                    "total_items",
                    "Total number of items stored during the life of this instance."),
            counter(
                    "memcached_read_bytes_total",
                    "bytes_read",
                    "Total number of bytes read by this server from network."),
            counter(
                    "memcached_written_bytes_total",
                    "bytes_written",
                    "Total number of bytes sent by this server to network."),
            gauge("memcached_current_connections", "curr_connections", "Current number of open connections."),
            counter(
                    "memcached_connections_total",
                    "total_connections",
                    "Total number of connections opened since the server started running."),
            counter(
                    "memcached_connections_rejected_total",
                    "rejected_connections",
                    "Total number of connections rejected due to hitting the memcached's -c limit in maxconns_fast mode."),
            counter(
                    "memcached_connections_yielded_total",
                    "conn_yields",
                    "Total number of connections yielded running due to hitting the memcached's -R limit."),
            counter(
                    "memcached_connections_listener_disabled_total",
                    "listen_disabled_num",
                    "Number of times that memcached has hit its connections limit and disabled its listener."),
            counter(
                    "memcached_items_evicted_total",
                    "evictions",
                    "Total number of valid items removed from cache to free memory for new items."),
            counter(
                    "memcached_items_reclaimed_total",
                    "reclaimed",
                    "Total number of times an entry was stored using memory from an expired entry."),
            counter(
                    "memcached_item_too_large_total",
                    "store_too_large",
                    "The number of times an item exceeded the max-item-size when being stored."),
            counter(
                    "memcached_item_no_memory_total",
                    "store_no_memory",
                    "The number of times an item could not be stored due to no more memory."),
            counter(
                    "memcached_direct_reclaims_total",
                    "direct_reclaims",
                    "Times worker threads had to directly reclaim or evict items."),
            counter("memcached_lru_crawler_starts_total", "lru_crawler_starts", "Times an LRU crawler was started."),
            counter(
                    "memcached_lru_crawler_items_checked_total",
                    "crawler_items_checked",
                    "Total items examined by LRU Crawler."),
            counter("memcached_lru_crawler_reclaimed_total", "crawler_reclaimed", "Total items freed by LRU Crawler."),
            counter(
                    "memcached_lru_crawler_moves_to_cold_total",
                    "moves_to_cold",
                    "Total number of items moved from HOT/WARM to COLD LRU's."),
            counter(
                    "memcached_lru_crawler_moves_to_warm_total",
                    "moves_to_warm",
                    "Total number of items moved from COLD to WARM LRU."),
            counter(
                    "memcached_lru_crawler_moves_within_lru_total",
                    "moves_within_lru",
                    "Total number of items reshuffled within HOT or WARM LRU's."),
            gauge("memcached_malloced_bytes", "total_malloced", "Number of bytes of memory allocated to slab pages."),
            gauge(
                    "memcached_accepting_connections",
                    "accepting_conns",
                    "The Memcached server is currently accepting new connections."),
            counter(
                    "memcached_extstore_compact_lost_total",
                    "extstore_compact_lost",
                    "Total number of items lost because they were locked during extstore compaction."),
            counter(
                    "memcached_extstore_compact_rescued_total",
                    "extstore_compact_rescues",
                    "Total number of items moved to a new page during extstore compaction,"),
            counter(
                    "memcached_extstore_compact_skipped_total",
                    "extstore_compact_skipped",
                    "Total number of items dropped due to inactivity during extstore compaction."),
            counter(
                    "memcached_extstore_pages_allocated_total",
                    "extstore_page_allocs",
                    "Total number of times a page was allocated in extstore."),
            counter(
                    "memcached_extstore_pages_evicted_total",
                    "extstore_page_evictions",
                    "Total number of times a page was evicted from extstore."),
            counter(
                    "memcached_extstore_pages_reclaimed_total",
                    "extstore_page_reclaims",
                    "Total number of times an empty extstore page was freed."),
            gauge(
                    "memcached_extstore_pages_free",
                    "extstore_pages_free",
                    "Number of extstore pages not yet containing any items."),
            gauge(
                    "memcached_extstore_pages_used",
                    "extstore_pages_used",
                    "Number of extstore pages containing at least one item."),
            counter(
                    "memcached_extstore_objects_evicted_total",
                    "extstore_objects_evicted",
                    "Total number of items evicted from extstore to free up space."),
            counter(
                    "memcached_extstore_objects_read_total",
                    "extstore_objects_read",
                    "Total number of items read from extstore."),
            counter(
                    "memcached_extstore_objects_written_total",
                    "extstore_objects_written",
                    "Total number of items written to extstore."),
            gauge("memcached_extstore_objects_used", "extstore_objects_used", "Number of items stored in extstore."),
            counter(
                    "memcached_extstore_bytes_evicted_total",
                    "extstore_bytes_evicted",
                    "Total number of bytes evicted from extstore to free up space."),
            counter(
                    "memcached_extstore_bytes_written_total",
                    "extstore_bytes_written",
                    "Total number of bytes written to extstore."),
            counter(
                    "memcached_extstore_bytes_read_total",
                    "extstore_bytes_read",
                    "Total number of bytes read from extstore."),
            counter(
                    "memcached_extstore_bytes_used",
                    "extstore_bytes_used",
                    "Current number of bytes used to store items in extstore."),
            gauge(
                    "memcached_extstore_bytes_fragmented",
                    "extstore_bytes_fragmented",
                    "Current number of bytes in extstore pages allocated but not used to store an object."),
            gauge(
                    "memcached_extstore_bytes_limit",
                    "extstore_limit_maxbytes",
                    "Number of bytes of external storage allocated for this server."),
            gauge(
                    "memcached_extstore_io_queue_depth",
                    "extstore_io_queue",
                    "Number of items in the I/O queue waiting to be processed."),
            counter(
                    "memcached_proxy_conn_requests_total",
                    "proxy_conn_requests",
                    "Total number of times the proxy opened a backend connection."),
            counter(
                    "memcached_proxy_conn_errors_total",
                    "proxy_conn_errors",
                    "Total number of backend connection errors in proxy mode."),
            counter(
                    "memcached_proxy_conn_oom_total",
                    "proxy_conn_oom",
                    "Total number of times the proxy ran out of memory allocating a connection."),
            gauge(
                    "memcached_proxy_req_active",
                    "proxy_req_active",
                    "Number of in-flight requests currently forwarded by the proxy."),
            counter(
                    "memcached_proxy_config_reloads_total",
                    "proxy_config_reloads",
                    "Total attempts to reload the proxy configuration."),
            counter(
                    "memcached_proxy_config_reload_fails_total",
                    "proxy_config_reload_fails",
                    "Total failed attempts to reload the proxy configuration."),
            counter(
                    "memcached_proxy_config_cron_runs_total",
                    "proxy_config_cron_runs",
                    "Total times the proxy’s Lua cron hooks have run."),
            counter(
                    "memcached_proxy_config_cron_fails_total",
                    "proxy_config_cron_fails",
                    "Total errors from the proxy’s Lua cron hooks."),
            gauge(
                    "memcached_proxy_backend_total",
                    "proxy_backend_total",
                    "Number of backend servers configured in proxy mode."),
            counter(
                    "memcached_proxy_backend_marked_bad_total",
                    "proxy_backend_marked_bad",
                    "Total times a backend was marked unhealthy by the proxy."),
            gauge(
                    "memcached_proxy_backend_failed",
                    "proxy_backend_failed",
                    "Number of backends currently in a failed state."),
            counter(
                    "memcached_proxy_request_failed_depth_total",
                    "proxy_request_failed_depth",
                    "Total requests dropped due to backend depth limits."),
            counter(
                    "memcached_round_robin_fallback_total",
                    "round_robin_fallback",
                    "Total times the proxy fell back to round-robin routing."),
            counter(
                    "memcached_unexpected_napi_ids_total",
                    "unexpected_napi_ids",
                    "Total unexpected internal event-loop IDs seen by the proxy."));

    static final List<Stat> SETTINGS =
            List.of(gauge("memcached_max_connections", "maxconns", "Maximum number of clients allowed."));

    /** Shown only while the crawler is on. */
    static final List<Stat> CRAWLER = List.of(
            gauge("memcached_lru_crawler_enabled", "lru_crawler", "Whether the LRU crawler is enabled."),
            gauge("memcached_lru_crawler_sleep", "lru_crawler_sleep", "Microseconds to sleep between LRU crawls."),
            gauge("memcached_lru_crawler_to_crawl", "lru_crawler_tocrawl", "Max items to crawl per slab per run."),
            gauge(
                    "memcached_lru_crawler_maintainer_thread",
                    "lru_maintainer_thread",
                    "Split LRU mode and background threads."),
            gauge("memcached_lru_crawler_hot_percent", "hot_lru_pct", "Percent of slab memory reserved for HOT LRU."),
            gauge(
                    "memcached_lru_crawler_warm_percent",
                    "warm_lru_pct",
                    "Percent of slab memory reserved for WARM LRU."),
            gauge(
                    "memcached_lru_crawler_hot_max_factor",
                    "hot_max_factor",
                    "Set idle age of HOT LRU to COLD age * this"),
            gauge(
                    "memcached_lru_crawler_warm_max_factor",
                    "warm_max_factor",
                    "Set idle age of WARM LRU to COLD age * this"));

    static final List<Stat> ITEMS = List.of(
            gauge("memcached_slab_current_items", "number", "Number of items currently stored in this slab class."),
            gauge(
                    "memcached_slab_items_age_seconds",
                    "age",
                    "Number of seconds the oldest item has been in the slab class."),
            counter(
                    "memcached_slab_items_crawler_reclaimed_total",
                    "crawler_reclaimed",
                    "Number of items freed by the LRU Crawler."),
            counter(
                    "memcached_slab_items_evicted_total",
                    "evicted",
                    "Total number of times an item had to be evicted from the LRU before it expired."),
            counter(
                    "memcached_slab_items_evicted_nonzero_total",
                    "evicted_nonzero",
                    "Total number of times an item which had an explicit expire time set had to be evicted from the LRU before it expired."),
            counter(
                    "memcached_slab_items_evicted_time_seconds",
                    "evicted_time",
                    "Seconds since the last access for the most recent item evicted from this class."),
            counter(
                    "memcached_slab_items_evicted_unfetched_total",
                    "evicted_unfetched",
                    "Total nmber of items evicted and never fetched."),
            counter(
                    "memcached_slab_items_expired_unfetched_total",
                    "expired_unfetched",
                    "Total number of valid items evicted from the LRU which were never touched after being set."),
            counter(
                    "memcached_slab_items_outofmemory_total",
                    "outofmemory",
                    "Total number of items for this slab class that have triggered an out of memory error."),
            counter("memcached_slab_items_reclaimed_total", "reclaimed", "Total number of items reclaimed."),
            counter(
                    "memcached_slab_items_tailrepairs_total",
                    "tailrepairs",
                    "Total number of times the entries for a particular ID need repairing."),
            counter(
                    "memcached_slab_items_moves_to_cold",
                    "moves_to_cold",
                    "Number of items moved from HOT or WARM into COLD."),
            counter(
                    "memcached_slab_items_moves_to_warm",
                    "moves_to_warm",
                    "Number of items moves from COLD into WARM."),
            counter(
                    "memcached_slab_items_moves_within_lru",
                    "moves_within_lru",
                    "Number of times active items were bumped within HOT or WARM."),
            gauge("memcached_slab_hot_items", "number_hot", "Number of items presently stored in the HOT LRU."),
            gauge("memcached_slab_warm_items", "number_warm", "Number of items presently stored in the WARM LRU."),
            gauge("memcached_slab_cold_items", "number_cold", "Number of items presently stored in the COLD LRU."),
            gauge(
                    "memcached_slab_temporary_items",
                    "number_temp",
                    "Number of items presently stored in the TEMPORARY LRU."),
            gauge("memcached_slab_hot_age_seconds", "age_hot", "Age of the oldest item in HOT LRU."),
            gauge("memcached_slab_warm_age_seconds", "age_warm", "Age of the oldest item in HOT LRU."));

    static final List<Stat> SLABS = List.of(
            gauge(
                    "memcached_slab_chunk_size_bytes",
                    "chunk_size",
                    "Number of bytes allocated to each chunk within this slab class."),
            gauge(
                    "memcached_slab_chunks_per_page",
                    "chunks_per_page",
                    "Number of chunks within a single page for this slab class."),
            gauge("memcached_slab_current_pages", "total_pages", "Number of pages allocated to this slab class."),
            gauge("memcached_slab_current_chunks", "total_chunks", "Number of chunks allocated to this slab class."),
            gauge("memcached_slab_chunks_used", "used_chunks", "Number of chunks allocated to an item."),
            gauge("memcached_slab_chunks_free", "free_chunks", "Number of chunks not yet allocated items."),
            gauge(
                    "memcached_slab_chunks_free_end",
                    "free_chunks_end",
                    "Number of free chunks at the end of the last allocated page."),
            gauge(
                    "memcached_slab_mem_requested_bytes",
                    "mem_requested",
                    "Number of bytes of memory actual items take up within a slab."));

    private static Stat gauge(String name, String key, String help) {
        return new Stat(MetricType.GAUGE, name, key, help);
    }

    private static Stat counter(String name, String key, String help) {
        return new Stat(MetricType.COUNTER, name, key, help);
    }
}
