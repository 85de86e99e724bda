package io.emberwatch.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sample line of an exposition is called: its metric name and its labels (without {@code __name__}).
 *
 * <p>A source that reports the same series at every scrape keeps its keys: the text that a key renders to is made once
 * and kept with it.
 */
public final class SeriesKey {
    private final String name;
    private final Labels labels;
    private byte @Nullable [] text;

    private SeriesKey(String name, Labels labels) {
        this.name = name;
        this.labels = labels;
    }

    /** @throws IllegalArgumentException when the name is empty or the labels hold {@code __name__} */
    public static SeriesKey of(String name, Labels labels) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a metric name must not be empty");
        }
        if (labels.has(Labels.METRIC_NAME)) {
            throw new IllegalArgumentException(name + ": the name is not one of the labels");
        }
        return new SeriesKey(name, Objects.requireNonNull(labels, "labels"));
    }

    public String name() {
        return name;
    }

    public Labels labels() {
        return labels;
    }

    /** The labels of the stored series: these and {@code __name__}. */
    public Labels toStored() {
        return labels.with(Labels.METRIC_NAME, name);
    }

    /** The rendering kept by {@link #keepText}, or null. For exposition writers only. */
    @SuppressWarnings("EI_EXPOSE_REP") // shared on purpose, see keepText
    public byte @Nullable [] text() {
        return text;
    }

    /** Keeps the rendered {@code name{labels} } for the next exposition; the array must not change any more. */
    public void keepText(byte[] rendered) {
        text = rendered;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SeriesKey key && name.equals(key.name) && labels.equals(key.labels);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + labels.hashCode();
    }

    @Override
    public String toString() {
        return name + labels;
    }
}
