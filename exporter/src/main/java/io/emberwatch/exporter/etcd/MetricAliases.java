package io.emberwatch.exporter.etcd;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Names that etcd changed between 3.3 and 3.6: whichever a member has, its page gets the others too, so that rules written
 * for one version read every version. Source: the metrics that each release registers.
 */
final class MetricAliases {
    private static final List<List<String>> SAME = List.of(
            List.of("etcd_mvcc_db_total_size_in_bytes", "etcd_debugging_mvcc_db_total_size_in_bytes"),
            List.of("etcd_mvcc_put_total", "etcd_debugging_mvcc_put_total"),
            List.of("etcd_mvcc_delete_total", "etcd_debugging_mvcc_delete_total"),
            List.of("etcd_mvcc_txn_total", "etcd_debugging_mvcc_txn_total"),
            List.of("etcd_mvcc_range_total", "etcd_debugging_mvcc_range_total"));

    private MetricAliases() {}

    static List<MetricFamily> complete(List<MetricFamily> families) {
        Map<String, MetricFamily> byName = new HashMap<>();
        families.forEach(family -> byName.put(family.name(), family));
        Map<String, MetricFamily> added = new LinkedHashMap<>();
        for (List<String> names : SAME) {
            names.stream()
                    .flatMap(name -> Stream.ofNullable(byName.get(name)))
                    .findFirst()
                    .ifPresent(present -> {
                        for (String name : names) {
                            if (!byName.containsKey(name)) {
                                added.put(name, renamed(present, name));
                            }
                        }
                    });
        }
        if (added.isEmpty()) {
            return families;
        }
        List<MetricFamily> all = new ArrayList<>(families);
        all.addAll(added.values());
        return all;
    }

    private static MetricFamily renamed(MetricFamily family, String name) {
        List<MetricPoint> points = family.points().stream()
                .map(point -> new MetricPoint(
                        SeriesKey.of(name, point.key().labels()), point.value(), point.timestampMillis()))
                .toList();
        return new MetricFamily(name, family.type(), family.help(), family.unit(), points);
    }
}
