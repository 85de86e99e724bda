package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What the queries of a model answered at one time.
 *
 * @param at the time asked about
 * @param members every member, and whether it is up
 * @param inputs by indicator name and member; a member without a value is not in its map
 * @param vetoed by veto name, members that are up only
 * @param leaders the members that are up and lead
 * @param learners the members that have no vote
 * @param unanswered queries that failed, with the reason
 */
record Measurements(
        Instant at,
        SortedMap<Member, Boolean> members,
        Map<String, Map<Member, Input>> inputs,
        Map<String, Set<Member>> vetoed,
        Set<Member> leaders,
        Set<Member> learners,
        List<String> unanswered) {

    /**
     * A member of a cluster.
     *
     * @param cluster the labels that name the cluster; those that are empty are left out
     * @param name the value of the label that tells the members of a cluster apart
     */
    record Member(Labels cluster, String name) implements Comparable<Member> {
        /** The member that a series speaks of, under the labels of a model. */
        static Member of(Labels series, List<String> labels) {
            int last = labels.size() - 1;
            return new Member(series.keeping(labels.subList(0, last)), series.get(labels.get(last)));
        }

        @Override
        public int compareTo(Member other) {
            int order = cluster.compareTo(other.cluster);
            return order != 0 ? order : name.compareTo(other.name);
        }
    }

    /**
     * A measured value and the query that gave it.
     *
     * @param value may be NaN: the query answered, but there was nothing to measure
     */
    record Input(double value, String query) {}
}
