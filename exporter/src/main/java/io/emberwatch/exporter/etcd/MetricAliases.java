package io.emberwatch.exporter.etcd;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics that bear different names in different versions of etcd.
 *
 * <p>Version 3.3 moved several metrics out of {@code etcd_debugging_}, 3.5.0 took the old names away. Of each pair both
 * names are shown, whichever the member has, so that one query reads clusters of any version, upgrades in between too.
 *
 * @see <a href="https://github.com/etcd-io/etcd/blob/main/CHANGELOG/CHANGELOG-3.5.md">etcd's change log</a>
 */
final class MetricAliases {
    private static final Map<String, String> OTHER_NAMES = new HashMap<>();

    static {
        pair("etcd_mvcc_db_total_size_in_bytes", "etcd_debugging_mvcc_db_total_size_in_bytes");
        pair("etcd_mvcc_put_total", "etcd_debugging_mvcc_put_total");
        pair("etcd_mvcc_delete_total", "etcd_debugging_mvcc_delete_total");
        pair("etcd_mvcc_txn_total", "etcd_debugging_mvcc_txn_total");
        pair("etcd_mvcc_range_total", "etcd_debugging_mvcc_range_total");
    }

    private MetricAliases() {}

    private static void pair(String name, String oldName) {
        OTHER_NAMES.put(name, oldName);
        OTHER_NAMES.put(oldName, name);
    }

    /** Adds what is there under one name only under the other as well. */
    static void complete(Map<String, MetricFamily> families) {
        for (MetricFamily family : List.copyOf(families.values())) {
            String other = OTHER_NAMES.get(family.name());
            if (other != null && !families.containsKey(other)) {
                List<MetricPoint> points = new ArrayList<>();
                for (MetricPoint point : family.points()) {
                    SeriesKey key = SeriesKey.of(other, point.key().labels());
                    points.add(new MetricPoint(key, point.value(), point.timestampMillis()));
                }
                families.put(other, new MetricFamily(other, family.type(), family.help(), family.unit(), points));
            }
        }
    }
}
