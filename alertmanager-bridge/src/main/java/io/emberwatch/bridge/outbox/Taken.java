package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.metrics.BridgeMetrics.Verdict;
import java.util.List;

/**
 * What became of something that came in, once that is on disk.
 *
 * @param inbox its number, or that of the one it duplicates
 * @param lane the alert group's number
 * @param channels those that have something to deliver now
 */
public record Taken(Verdict verdict, long inbox, long lane, List<String> channels) {
    public Taken {
        channels = List.copyOf(channels);
    }
}
