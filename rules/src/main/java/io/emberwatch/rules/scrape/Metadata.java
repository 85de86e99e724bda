package io.emberwatch.rules.scrape;

import io.emberwatch.model.MetricType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a target's last good page says of its metrics. Written by the scrape, read by anybody. */
final class Metadata {
    private static final int MAX_FAMILIES = 10_000;
    private static final int MAX_TEXT = 1_024;

    private Map<String, MetricMetadata> known = new HashMap<>();
    private Map<String, MetricMetadata> next = new HashMap<>();
    private volatile List<MetricMetadata> shown = List.of();
    private boolean changed;

    void begin() {
        next = new HashMap<>();
        changed = false;
    }

    void type(String family, MetricType type) {
        MetricMetadata old = old(family);
        put(family, new MetricMetadata(family, type, old == null ? "" : old.help(), old == null ? "" : old.unit()));
    }

    void help(String family, String help) {
        MetricMetadata old = old(family);
        put(
                family,
                new MetricMetadata(
                        family,
                        old == null ? MetricType.UNKNOWN : old.type(),
                        shorten(help),
                        old == null ? "" : old.unit()));
    }

    void unit(String family, String unit) {
        MetricMetadata old = old(family);
        put(
                family,
                new MetricMetadata(
                        family,
                        old == null ? MetricType.UNKNOWN : old.type(),
                        old == null ? "" : old.help(),
                        shorten(unit)));
    }

    private static String shorten(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private @Nullable MetricMetadata old(String family) {
        return next.get(family);
    }

    private void put(String family, MetricMetadata metadata) {
        if (next.size() < MAX_FAMILIES || next.containsKey(family)) {
            next.put(family, metadata);
        }
    }

    void succeed() {
        if (!next.equals(known)) {
            known = next;
            shown = List.copyOf(next.values());
        }
    }

    List<MetricMetadata> shown() {
        return shown;
    }
}
