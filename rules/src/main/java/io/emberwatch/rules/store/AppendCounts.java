package io.emberwatch.rules.store;

import java.util.Map;

/**
 * What became of the samples of one commit.
 *
 * @param appended how many the store took
 * @param refused how many it did not take, by reason; reasons that did not occur are absent
 */
public record AppendCounts(int appended, Map<Refusal, Integer> refused) {
    public AppendCounts {
        refused = Map.copyOf(refused);
    }

    public int refused(Refusal reason) {
        return refused.getOrDefault(reason, 0);
    }
}
