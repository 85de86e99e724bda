package io.emberwatch.scorer;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The health of one cluster at one time.
 *
 * @param score 0 to 10; empty when too little is known
 * @param confidence 0 to 1, the mean of the members'
 * @param members sorted by instance
 */
record Score(String cluster, OptionalDouble score, double confidence, List<MemberScore> members) {
    /** Below this confidence no score is given: nothing reads well because nothing is known. */
    static final double LEAST_CONFIDENCE = 0.5;

    Score {
        members = List.copyOf(members);
    }

    /**
     * The health of one member.
     *
     * @param score 0 to 10; empty when too little is known
     * @param confidence 0 to 1, the share of the weights that rests on measured inputs
     * @param components one per indicator, in the model's order
     * @param reasons what lowered the score, in words, the worst first
     */
    record MemberScore(
            String instance,
            boolean up,
            OptionalDouble score,
            double confidence,
            List<Component> components,
            List<String> reasons) {
        MemberScore {
            components = List.copyOf(components);
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * One indicator of one member.
     *
     * @param input the measured value; empty when there is none
     * @param score 0 to 10; empty when there is no input
     * @param query the query that gave the input, or empty text
     */
    record Component(String name, double weight, OptionalDouble input, OptionalDouble score, String query) {}
}
