package io.emberwatch.exporter.statsd;

import io.emberwatch.exporter.mapping.Mapped;
import io.emberwatch.exporter.series.Refusal;
import io.emberwatch.exporter.series.StoredSeries;
import io.emberwatch.model.Labels;
import org.jspecify.annotations.Nullable;

/** Where the samples of one name, with its tags and kind, go. */
final class Target {
    final EventKind kind;
    final EventName event;
    final @Nullable Mapped mapped;
    final String metric;
    final Labels labels;
    final double scale;

    @Nullable
    StoredSeries series;

    @Nullable
    Refusal refusal;

    long refusedInGeneration;

    @Nullable
    FlushSeries flush;

    Target(EventKind kind, EventName event, @Nullable Mapped mapped, String metric, Labels labels) {
        this.kind = kind;
        this.event = event;
        this.mapped = mapped;
        this.metric = metric;
        this.labels = labels;
        this.scale = mapped == null ? 1 : mapped.rule().scale();
    }

    boolean isDropped() {
        return mapped != null && mapped.rule().drops();
    }
}
