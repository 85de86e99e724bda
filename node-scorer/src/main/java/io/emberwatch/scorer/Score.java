package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The health of one cluster at one time.
 *
 * @param labels what names the cluster
 * @param score 0 to 10; empty when too little is known
 * @param range what the score can be at worst and at best, whatever is not known
 * @param confidence 0 to 1, the mean of the members'
 * @param members sorted by name
 * @param reasons what lowered the score, in words, the weightiest first
 */
record Score(
        Labels labels,
        OptionalDouble score,
        Range range,
        double confidence,
        List<MemberScore> members,
        List<String> reasons) {
    /** Below this confidence no score is given: nothing reads well because nothing is known. */
    static final double LEAST_CONFIDENCE = 0.5;

    /** From the worst that a score can be to the best. */
    record Range(double low, double high) {
        static final Range ALL = new Range(0, Scale.BEST);
        static final Range NOTHING = new Range(0, 0);

        Range atMost(double cap) {
            return new Range(Math.min(low, cap), Math.min(high, cap));
        }
    }

    Score {
        members = List.copyOf(members);
        reasons = List.copyOf(reasons);
    }

    /** The cluster's name: the values of its labels. */
    String cluster() {
        return String.join("/", labels.toMap().values());
    }

    /** The same cluster and members when nothing is known of them any more. */
    Score unknown(String reason) {
        return new Score(
                labels,
                OptionalDouble.empty(),
                Range.ALL,
                0,
                members.stream().map(member -> member.unknown(reason)).toList(),
                List.of(reason));
    }

    /** The same with more to tell of members, by their names. */
    Score telling(Map<String, List<String>> more) {
        List<String> all = new ArrayList<>(reasons);
        List<MemberScore> told = new ArrayList<>();
        for (MemberScore member : members) {
            List<String> own = more.getOrDefault(member.name(), List.of());
            own.forEach(words -> all.add(member.name() + ": " + words));
            told.add(own.isEmpty() ? member : member.telling(own));
        }
        return new Score(labels, score, range, confidence, told, all);
    }

    /**
     * The health of one member.
     *
     * @param name the value of the label that tells the members of a cluster apart
     * @param score 0 to 10; empty when too little is known
     * @param range what the score can be at worst and at best, whatever is not known
     * @param confidence 0 to 1, the share of the weights that rests on measured inputs
     * @param components one per indicator, in the model's order
     * @param reasons what lowered the score, in words, the weightiest first
     */
    record MemberScore(
            String name,
            boolean up,
            OptionalDouble score,
            Range range,
            double confidence,
            List<Component> components,
            List<String> reasons) {
        MemberScore {
            components = List.copyOf(components);
            reasons = List.copyOf(reasons);
        }

        MemberScore scoring(double other) {
            return new MemberScore(name, up, OptionalDouble.of(other), range, confidence, components, reasons);
        }

        MemberScore telling(List<String> more) {
            List<String> all = new ArrayList<>(reasons);
            all.addAll(more);
            return new MemberScore(name, up, score, range, confidence, components, all);
        }

        MemberScore unknown(String reason) {
            return new MemberScore(name, up, OptionalDouble.empty(), Range.ALL, 0, List.of(), List.of(reason));
        }
    }

    /**
     * One indicator of one member.
     *
     * @param share of all weights that count here, 0 to 1; 0 when this one does not count
     * @param input the measured value; empty when there is none
     * @param score 0 to 10; empty when there is no input
     * @param query the query that gave the input, or empty text
     */
    record Component(String name, double share, OptionalDouble input, OptionalDouble score, String query) {
        /** The points that this takes from the member's ten, before severity and vetoes. */
        double lost() {
            return Scale.rounded(share * (Scale.BEST - score.orElse(MemberScorer.UNMEASURED)));
        }
    }
}
