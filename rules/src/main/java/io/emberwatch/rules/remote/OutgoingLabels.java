package io.emberwatch.rules.remote;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.store.StoredSeries;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The labels of series as one receiver gets them, encoded; a bounded number is remembered. Safe for several threads. */
final class OutgoingLabels {
    private static final int MAX_KEPT = 100_000;
    private static final byte[] DROPPED = new byte[0];

    private final Labels external;
    private final Relabeling relabels;
    private final Map<StoredSeries, byte[]> kept = new ConcurrentHashMap<>();

    OutgoingLabels(Labels external, Relabeling relabels) {
        this.external = external;
        this.relabels = relabels;
    }

    /** The labels as {@link WriteRequestWriter#sample} takes them, or null when relabelling drops the series. */
    byte @Nullable [] of(StoredSeries series) {
        byte[] encoded = kept.get(series);
        if (encoded == null) {
            encoded = encode(series.labels());
            if (kept.size() >= MAX_KEPT) {
                kept.clear();
            }
            kept.put(series, encoded);
        }
        return encoded.length == 0 ? null : encoded;
    }

    private byte[] encode(Labels own) {
        Labels labels = relabels.apply(withExternal(own));
        return labels == null || labels.isEmpty() ? DROPPED : WriteRequestWriter.labels(labels);
    }

    private Labels withExternal(Labels own) {
        if (external.isEmpty()) {
            return own;
        }
        Labels.Builder all = external.toBuilder();
        for (int i = 0; i < own.size(); i++) {
            all.set(own.name(i), own.value(i));
        }
        return all.build();
    }
}
