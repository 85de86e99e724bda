package io.emberwatch.exporter.push;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Targets that others bring, Kafka for one, by the name that the configuration calls them. */
public final class LineTargets {
    private final Map<String, LineTarget> targets = new ConcurrentHashMap<>();

    /** Makes a target known; before the exporter starts, or while it runs. */
    public void put(String name, LineTarget target) {
        targets.put(name, target);
    }

    @Nullable
    LineTarget find(String name) {
        return targets.get(name);
    }
}
