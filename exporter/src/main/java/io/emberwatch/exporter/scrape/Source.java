package io.emberwatch.exporter.scrape;

import io.emberwatch.model.flow.SampleSource;
import java.util.Objects;

/**
 * A source under the names that a scrape can ask for it by.
 *
 * @param name its own name, unique
 * @param group the name of several sources together, or its own name
 */
public record Source(String name, String group, SampleSource samples) {
    public Source {
        Objects.requireNonNull(samples, "samples");
        if (name.isEmpty() || group.isEmpty()) {
            throw new IllegalArgumentException("a source must have a name");
        }
    }

    /** A source that stands alone. */
    public static Source of(SampleSource samples) {
        return new Source(samples.name(), samples.name(), samples);
    }

    /** A source as one of several. */
    public static Source in(String group, SampleSource samples) {
        return new Source(samples.name(), group, samples);
    }

    /** Whether {@code asked} means this source. */
    public boolean answersTo(String asked) {
        return name.equals(asked) || group.equals(asked);
    }
}
