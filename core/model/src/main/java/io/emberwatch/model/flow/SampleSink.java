package io.emberwatch.model.flow;

import io.emberwatch.model.Sample;
import java.util.List;

/** Somewhere that samples go to: the embedded store, a Kafka topic, a remote-write endpoint. */
@FunctionalInterface
public interface SampleSink {
    /**
     * Takes samples, in time order per series. May be called by several threads at once.
     *
     * <p>A sample that the sink cannot take (out of order, over a limit) is counted by the sink and dropped; it never
     * keeps the others from being taken.
     */
    void append(List<Sample> samples);
}
