package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alert that is pending or firing, as it was at one moment.
 *
 * @param labels what identifies it, {@code alertname} included
 * @param value what the expression gave last
 * @param activeAt since when the expression has given it
 * @param keepFiringSince since when it fires only because of {@code keep_firing_for}, or null
 */
public record ActiveAlert(
        AlertState state,
        Labels labels,
        Labels annotations,
        double value,
        Instant activeAt,
        @Nullable Instant keepFiringSince) {}
