package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.series.Refusal;
import io.emberwatch.exporter.series.ValueSeries;
import io.emberwatch.model.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a series of line protocol, one measurement with its tags, has become: a series of the table for each field. */
final class LineSeries {
    private static final int MOST_FIELDS = 4096;

    final String measurement;
    final Labels labels;
    FieldLayout layout = FieldLayout.EMPTY;

    @Nullable
    ValueSeries[] fields = new @Nullable ValueSeries[4];

    @Nullable
    Refusal[] refusals = new @Nullable Refusal[4];

    long refusedInGeneration;
    long touchedMillis;

    LineSeries(String measurement, Labels labels) {
        this.measurement = measurement;
        this.labels = labels;
    }

    /** Whether another field can be remembered. */
    boolean hasRoom() {
        return layout.size() < MOST_FIELDS;
    }

    /** Makes room for the fields of the layout. */
    void fit() {
        if (layout.size() > fields.length) {
            int length = Math.max(layout.size(), 2 * fields.length);
            fields = Arrays.copyOf(fields, length);
            refusals = Arrays.copyOf(refusals, length);
        }
    }
}
