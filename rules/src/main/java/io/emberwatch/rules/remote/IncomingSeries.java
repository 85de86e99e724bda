package io.emberwatch.rules.remote;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Utf8Order;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One series of a request as it was read; used again for the next. */
final class IncomingSeries {
    /** The most labels of a series; beyond that it is refused. */
    static final int MAX_LABELS = 512;

    private String[] pairs = new String[32];
    private int pairCount;
    private long[] timestamps = new long[8];
    private double[] values = new double[8];
    private int samples;
    private int histograms;
    private int exemplars;

    void clear() {
        Arrays.fill(pairs, 0, pairCount, null);
        pairCount = 0;
        samples = 0;
        histograms = 0;
        exemplars = 0;
    }

    void label(String name, String value) throws MalformedRequestException {
        if (pairCount == 2 * MAX_LABELS) {
            throw new MalformedRequestException("a series has more than " + MAX_LABELS + " labels");
        }
        if (pairCount == pairs.length) {
            pairs = Arrays.copyOf(pairs, pairCount * 2);
        }
        pairs[pairCount++] = name;
        pairs[pairCount++] = value;
    }

    void sample(long timestampMillis, double value) {
        if (samples == values.length) {
            timestamps = Arrays.copyOf(timestamps, samples * 2);
            values = Arrays.copyOf(values, samples * 2);
        }
        timestamps[samples] = timestampMillis;
        values[samples++] = value;
    }

    void histogram() {
        histograms++;
    }

    void exemplar() {
        exemplars++;
    }

    int samples() {
        return samples;
    }

    long timestampMillis(int index) {
        return timestamps[index];
    }

    double value(int index) {
        return values[index];
    }

    int histograms() {
        return histograms;
    }

    int exemplars() {
        return exemplars;
    }

    /** The labels, or null when there is no metric name among them, a name is empty or occurs twice. */
    @Nullable
    Labels labels() {
        boolean sorted = true;
        for (int i = 0; i < pairCount && sorted; i += 2) {
            sorted = !pairs[i].isEmpty()
                    && !pairs[i + 1].isEmpty()
                    && (i == 0 || Utf8Order.compareUtf8(pairs[i - 2], pairs[i]) < 0);
        }
        Labels labels = sorted ? Labels.ofSortedUnchecked(Arrays.copyOf(pairs, pairCount)) : unsorted();
        return labels == null || labels.metricName().isEmpty() ? null : labels;
    }

    private @Nullable Labels unsorted() {
        Labels.Builder labels = Labels.builder();
        try {
            for (int i = 0; i < pairCount; i += 2) {
                labels.add(pairs[i], pairs[i + 1]);
            }
            return labels.build();
        } catch (IllegalArgumentException emptyOrTwice) {
            return null;
        }
    }
}
