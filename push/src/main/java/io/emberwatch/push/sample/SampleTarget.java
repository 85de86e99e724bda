package io.emberwatch.push.sample;

import io.emberwatch.model.Sample;
import java.time.Duration;
import java.util.List;

/** Somewhere that the samples of a topic go to. */
public interface SampleTarget extends AutoCloseable {
    /**
     * Writes samples.
     *
     * @return zero when each is there or refused for good, otherwise how long to wait before handing over the same again
     */
    Duration write(List<Sample> samples);

    /** Why nothing is written now; empty when it is. */
    default String trouble() {
        return "";
    }

    @Override
    default void close() {}
}
