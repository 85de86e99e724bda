package io.emberwatch.rules.remote;

import io.emberwatch.rules.scrape.MetricMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What remote writes say of metrics: the last word on each family, of a bounded number of families. */
final class ReceivedMetadata {
    static final int MAX_FAMILIES = 20_000;

    private final Map<String, MetricMetadata> families = new LinkedHashMap<>();

    synchronized void put(MetricMetadata metadata) {
        if (families.size() < MAX_FAMILIES || families.containsKey(metadata.family())) {
            families.put(metadata.family(), metadata);
        }
    }

    synchronized List<MetricMetadata> all() {
        return new ArrayList<>(families.values());
    }
}
