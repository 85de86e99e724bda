package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.series.Refusal;
import io.emberwatch.exporter.series.ValueSeries;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a series of line protocol, one measurement with its tags, has become: a series of the table for each field.
 *
 * <p>New values are kept here, side by side, and handed to the table's series in {@link #settle}: a line then touches few
 * places in memory, which is what costs most when there are many series.
 */
final class LineSeries {
    private static final int MOST_FIELDS = 4096;
    private static final int FIRST_FIELDS = 4;

    final String measurement;
    final Labels labels;
    FieldLayout layout = FieldLayout.EMPTY;
    /** The bytes of a line that name it, once it is known by them. */
    byte[] key = {};
    /** How many were known by their bytes before it. */
    int position;

    double[] values = new double[FIRST_FIELDS];
    /** Which of the first 64 fields have a new value; later ones are never kept here. */
    long fresh;
    /** All fields that are admitted and were live in this generation of the table. */
    long live;

    long generation;
    long version;
    long touchedMillis;
    long timestampMillis = MetricPoint.NO_TIMESTAMP;
    private @Nullable ValueSeries[] fields = new @Nullable ValueSeries[FIRST_FIELDS];
    private @Nullable Refusal[] refusals = new @Nullable Refusal[FIRST_FIELDS];
    private long refusedInGeneration;

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
            values = Arrays.copyOf(values, Math.min(Long.SIZE, length));
        }
    }

    /** The table's series of a field; null when it has none that is live. */
    @Nullable
    ValueSeries field(int at) {
        ValueSeries series = fields[at];
        return series == null || !series.isLive() ? null : series;
    }

    void admit(int at, ValueSeries series) {
        fields[at] = series;
        refusals[at] = null;
    }

    void refuse(int at, Refusal refusal, long inGeneration) {
        fields[at] = null;
        refusals[at] = refusal;
        refusedInGeneration = inGeneration;
    }

    /** Why a field was refused, if that still holds. */
    @Nullable
    Refusal refusal(int at, long inGeneration) {
        return refusedInGeneration == inGeneration ? refusals[at] : null;
    }

    /** Hands the new values on. */
    void settle() {
        for (long left = fresh; left != 0; left &= left - 1) {
            int at = Long.numberOfTrailingZeros(left);
            ValueSeries series = fields[at];
            if (series != null) {
                series.setIfNewer(values[at], version, touchedMillis, timestampMillis);
            }
        }
        fresh = 0;
    }
}
