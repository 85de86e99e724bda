package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What the queries of a model answered at one time.
 *
 * @param members every member, and whether it is up
 * @param inputs by indicator name and member; a member without a value is not in its map
 * @param vetoed by veto name
 * @param leaders the members that lead
 * @param unanswered queries that failed, with the reason
 */
record Measurements(
        SortedMap<Member, Boolean> members,
        Map<String, Map<Member, Input>> inputs,
        Map<String, Set<Member>> vetoed,
        Set<Member> leaders,
        List<String> unanswered) {

    /**
     * A member of a cluster.
     *
     * @param cluster the {@code cluster} label, may be empty
     * @param instance the {@code instance} label
     */
    record Member(String cluster, String instance) implements Comparable<Member> {
        static Member of(Labels labels) {
            return new Member(labels.get("cluster"), labels.get("instance"));
        }

        @Override
        public int compareTo(Member other) {
            int order = cluster.compareTo(other.cluster);
            return order != 0 ? order : instance.compareTo(other.instance);
        }
    }

    /**
     * A measured value and the query that gave it.
     *
     * @param value may be NaN: the query answered, but there was nothing to measure
     */
    record Input(double value, String query) {}
}
