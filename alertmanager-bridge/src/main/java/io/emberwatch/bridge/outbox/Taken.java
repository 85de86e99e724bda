package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.metrics.BridgeMetrics.Verdict;
import java.util.List;

/**
 * What became of something that came in, once that is on disk.
 *
 * @param inbox its number, or that of the one it duplicates
 * @param lane the alert group's number
 * @param waiting what each channel has to deliver, and from when on
 */
public record Taken(Verdict verdict, long inbox, long lane, List<Outbox.Waiting> waiting) {
    public Taken {
        waiting = List.copyOf(waiting);
    }

    /** The channels that have something to deliver. */
    public List<String> channels() {
        return waiting.stream().map(Outbox.Waiting::channel).toList();
    }
}
