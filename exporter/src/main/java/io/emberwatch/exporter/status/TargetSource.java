package io.emberwatch.exporter.status;

import io.emberwatch.exporter.status.StatusMetrics.TargetMetrics;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server as a source of its own, named {@code kind/instance}, so that one that hangs, lies or is gone costs no other
 * anything. Every series gets the label {@code instance}; a server that cannot be read is shown as down.
 */
public final class TargetSource implements SampleSource {
    private static final Logger logger = LoggerFactory.getLogger("exporter.status");
    private static final String INSTANCE = "instance";
    private static final Duration RESERVE = Duration.ofMillis(50);
    private static final int MAX_KEYS = 50_000;
    private static final double NANOS = 1e9;

    private final String kind;
    private final StatusTarget target;
    private final Duration timeout;
    private final TargetMetrics metrics;
    private final Map<SeriesKey, SeriesKey> keys = new HashMap<>();
    private String lastTrouble = "";

    /** @param timeout how long one reading may take, never longer than the scrape itself */
    public TargetSource(String kind, StatusTarget target, Duration timeout, StatusMetrics metrics) {
        this.kind = kind;
        this.target = target;
        this.timeout = timeout;
        this.metrics = metrics.target(kind, target.instance());
    }

    @Override
    public String name() {
        return kind + "/" + target.instance();
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) {
        long started = System.nanoTime();
        List<MetricFamily> families = new ArrayList<>();
        boolean read = false;
        try {
            families.addAll(target.read(Deadline.after(patience(deadline))));
            read = true;
            settle("", "");
        } catch (TargetFault e) {
            failed(e);
        } catch (IOException e) {
            failed(TargetFault.of(e));
        } catch (RuntimeException e) {
            failed(TargetFault.garbage(e.toString()));
        }
        metrics.up().set(read ? 1 : 0);
        metrics.duration().set((System.nanoTime() - started) / NANOS);
        families.add(target.verdict(read));
        return labelled(families);
    }

    private Duration patience(Deadline deadline) {
        Duration left = deadline.remaining();
        Duration ours = left.compareTo(RESERVE.multipliedBy(2)) > 0 ? left.minus(RESERVE) : left.dividedBy(2);
        return ours.compareTo(timeout) < 0 ? ours : timeout;
    }

    private void failed(TargetFault fault) {
        metrics.failed(fault.reason());
        settle(fault.reason().text(), String.valueOf(fault.getMessage()));
    }

    // Once per change of reason: a server that is down stays down for thousands of scrapes.
    private void settle(String reason, String message) {
        if (reason.equals(lastTrouble)) {
            return;
        }
        lastTrouble = reason;
        if (reason.isEmpty()) {
            logger.atInfo().addKeyValue("target", name()).log("status can be read again");
        } else {
            logger.atWarn()
                    .addKeyValue("target", name())
                    .addKeyValue("reason", reason)
                    .log("status cannot be read: {}", message);
        }
    }

    private List<MetricFamily> labelled(List<MetricFamily> families) {
        if (keys.size() > MAX_KEYS) {
            keys.clear();
        }
        List<MetricFamily> labelled = new ArrayList<>(families.size());
        for (MetricFamily family : families) {
            List<MetricPoint> points = new ArrayList<>(family.points().size());
            for (MetricPoint point : family.points()) {
                SeriesKey key = keys.computeIfAbsent(point.key(), this::labelled);
                points.add(new MetricPoint(key, point.value(), point.timestampMillis()));
            }
            labelled.add(new MetricFamily(family.name(), family.type(), family.help(), family.unit(), points));
        }
        return labelled;
    }

    private SeriesKey labelled(SeriesKey key) {
        Labels own = key.labels();
        return SeriesKey.of(
                key.name(),
                own.toBuilder()
                        .set("exported_" + INSTANCE, own.get(INSTANCE))
                        .set(INSTANCE, target.instance())
                        .build());
    }
}
