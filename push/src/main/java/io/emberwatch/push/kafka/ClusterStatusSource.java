package io.emberwatch.push.kafka;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka clusters in kafka_exporter's words, with the label {@code instance} on every series. A cluster that cannot be
 * asked is shown as down and costs the others nothing but its share of the time.
 */
public final class ClusterStatusSource implements SampleSource, AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("push.status");
    private static final Duration RESERVE = Duration.ofMillis(50);

    private final List<ClusterStatus> clusters;
    private final Map<String, String> troubles = new LinkedHashMap<>();

    /** @param timeout how long one cluster may take, never longer than its share of the scrape */
    public ClusterStatusSource(List<ClusterStatusConfig> configs, Duration timeout) {
        clusters = configs.stream()
                .map(config -> new ClusterStatus(config, timeout))
                .toList();
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) {
        Map<String, MetricFamily> families = new LinkedHashMap<>();
        int left = clusters.size();
        for (ClusterStatus cluster : clusters) {
            Duration time = deadline.remaining().minus(RESERVE);
            Duration share = time.isNegative() ? Duration.ZERO : time.dividedBy(left--);
            boolean up = false;
            List<MetricFamily> read = List.of();
            try {
                read = cluster.read(share);
                up = true;
                settle(cluster.instance(), "");
            } catch (ClusterStatus.Unreadable e) {
                settle(cluster.instance(), String.valueOf(e.getMessage()));
            }
            List<MetricFamily> all = new ArrayList<>(read);
            all.add(MetricFamily.gauge(
                    "emberwatch_push_cluster_up",
                    "Whether a Kafka cluster could be asked for its status.",
                    up ? 1 : 0));
            all.forEach(family -> families.merge(
                    family.name(),
                    labelled(family, cluster.instance()),
                    (a, b) -> MetricFamily.of(a.name(), a.type(), a.help(), joined(a.points(), b.points()))));
        }
        return List.copyOf(families.values());
    }

    private void settle(String instance, String trouble) {
        String before = troubles.put(instance, trouble);
        if (!trouble.isEmpty() && !trouble.equals(before)) {
            logger.atWarn().addKeyValue("cluster", instance).log("status cannot be read: {}", trouble);
        } else if (trouble.isEmpty() && before != null && !before.isEmpty()) {
            logger.atInfo().addKeyValue("cluster", instance).log("status can be read again");
        }
    }

    private static List<MetricPoint> joined(List<MetricPoint> first, List<MetricPoint> second) {
        List<MetricPoint> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static MetricFamily labelled(MetricFamily family, String instance) {
        List<MetricPoint> points = new ArrayList<>(family.points().size());
        for (MetricPoint point : family.points()) {
            Labels labels = point.key().labels().with("instance", instance);
            points.add(MetricPoint.of(point.key().name(), labels, point.value()));
        }
        return MetricFamily.of(family.name(), MetricType.GAUGE, family.help(), points);
    }

    @Override
    public void close() {
        clusters.forEach(ClusterStatus::close);
    }
}
