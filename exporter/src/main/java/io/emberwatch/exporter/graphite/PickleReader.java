package io.emberwatch.exporter.graphite;

import io.emberwatch.exporter.graphite.GraphiteMetrics.Drop;
import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.listen.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads Carbon's pickle protocol: lists of {@code (path, (time, value))}. A faulty sample costs no other. */
final class PickleReader implements Receiver {
    private static final Logger logger = LoggerFactory.getLogger("exporter.graphite");

    private final GraphiteStore store;
    private final GraphiteMetrics metrics;
    private final InstantSource clock;

    PickleReader(GraphiteStore store, GraphiteMetrics metrics, InstantSource clock) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void take(byte[] in, int from, int to) {
        metrics.pickles.inc();
        Object value;
        try {
            value = Pickle.read(in, from, to);
        } catch (PickleException e) {
            refuse(String.valueOf(e.getMessage()));
            return;
        }
        if (!(value instanceof List<?> samples)) {
            refuse("it is no list");
            return;
        }
        synchronized (store) {
            long now = clock.millis();
            for (Object sample : samples) {
                take(sample, now);
            }
            store.publish(now);
        }
    }

    private void refuse(String reason) {
        metrics.faultyPickles.inc();
        logger.debug("a pickle is refused: {}", reason);
    }

    private void take(Object sample, long now) {
        if (sample instanceof List<?> pair
                && pair.size() == 2
                && pair.get(0) instanceof String path
                && pair.get(1) instanceof List<?> point
                && point.size() == 2) {
            double time = number(point.get(0));
            double value = number(point.get(1));
            if (Double.isNaN(value)) {
                store.drop(Drop.VALUE);
            } else if (!Double.isFinite(time)) {
                store.drop(Drop.TIMESTAMP);
            } else {
                byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
                store.store(bytes, 0, bytes.length, value, time, now);
            }
        } else {
            store.drop(Drop.MALFORMED);
        }
    }

    // Carbon too takes numbers that are written as text.
    private static double number(Object value) {
        if (value instanceof Double number) {
            return number;
        }
        try {
            return value instanceof String text && text.length() <= 400 ? Double.parseDouble(text) : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    @Override
    public void lost(Loss loss) {
        metrics.pickles.inc();
        metrics.faultyPickles.inc();
    }
}
