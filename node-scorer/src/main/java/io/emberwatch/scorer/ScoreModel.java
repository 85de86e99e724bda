package io.emberwatch.scorer;

import io.emberwatch.service.config.Default;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is scored and how, as data: {@code models/*.yml}.
 *
 * @param name the model's name
 * @param prefix what the published metrics begin with
 * @param members PromQL, the first that answers: one series per member with {@code cluster} and {@code instance}; 0 means
 *     that the member is down
 * @param leader PromQL whose positive series are the members that lead their cluster
 * @param cluster how member scores become a cluster score
 * @param vetoes states that no average may hide
 * @param indicators what is measured, at least one; weights are shares of their sum
 */
record ScoreModel(
        String name,
        String prefix,
        List<String> members,
        @Nullable String leader,
        @Default("quorum") ClusterRule cluster,
        @Default("[]") List<Veto> vetoes,
        List<Indicator> indicators) {

    /** How member scores become a cluster score. */
    enum ClusterRule {
        /** What a majority and the leader can still do, less up to two points for lost tolerance. */
        QUORUM,
        /** The lowest member score. */
        WORST
    }

    /** What an input that is there but not a number means: nothing was measured because nothing happened. */
    enum Idle {
        /** Counts as the best score. */
        GOOD,
        /** Counts as not measured: confidence falls. */
        UNKNOWN
    }

    ScoreModel {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("members: at least one query is needed");
        }
        if (indicators.isEmpty()) {
            throw new IllegalArgumentException("indicators: at least one is needed");
        }
        Set<String> names = new HashSet<>();
        for (Indicator indicator : indicators) {
            if (!names.add(indicator.name())) {
                throw new IllegalArgumentException("indicators: " + indicator.name() + " occurs twice");
            }
        }
        if (indicators.stream().mapToDouble(Indicator::weight).sum() <= 0) {
            throw new IllegalArgumentException("indicators: the weights must not all be zero");
        }
    }

    /**
     * A state that caps the score of the members it names.
     *
     * @param query PromQL; every series it returns names a member
     * @param score the highest score left, 0 to 10
     */
    record Veto(String name, String query, double score) {
        Veto {
            requireScore(score);
        }
    }

    /**
     * One thing that is measured.
     *
     * @param weight not negative
     * @param severity how much of the score this alone may take, 0 to 1
     * @param unit of the input, for people
     * @param idle what NaN means
     * @param inputs PromQL, per member the first that has a value
     * @param steps all-or-nothing thresholds; the last one that the value is above decides
     * @param knees points of a graded scale, values ascending; not together with steps
     */
    record Indicator(
            String name,
            double weight,
            @Default("0") double severity,
            @Default("\"\"") String unit,
            @Default("unknown") Idle idle,
            List<String> inputs,
            @Default("[]") List<Step> steps,
            @Default("[]") List<Knee> knees) {
        Indicator {
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("weight: " + weight + " is not a finite number from 0 up");
            }
            if (!(severity >= 0 && severity <= 1)) {
                throw new IllegalArgumentException("severity: " + severity + " is not between 0 and 1");
            }
            if (inputs.isEmpty()) {
                throw new IllegalArgumentException("inputs: at least one query is needed");
            }
            if (!steps.isEmpty() && !knees.isEmpty()) {
                throw new IllegalArgumentException("knees: an indicator has steps or knees, not both");
            }
            for (int i = 1; i < steps.size(); i++) {
                if (!(steps.get(i).above() > steps.get(i - 1).above())) {
                    throw new IllegalArgumentException("steps: thresholds must ascend");
                }
            }
            for (int i = 1; i < knees.size(); i++) {
                if (!(knees.get(i).at() > knees.get(i - 1).at())) {
                    throw new IllegalArgumentException("knees: values must ascend");
                }
            }
        }

        Scale scale() {
            return knees.isEmpty() ? new Scale.Stepped(steps) : new Scale.Graded(knees);
        }
    }

    /**
     * From here on, exclusive, the score is this.
     *
     * @param score 0 to 10
     */
    record Step(double above, double score) {
        Step {
            requireScore(score);
        }
    }

    /**
     * At this value the score is this.
     *
     * @param at positive
     * @param score 0 to 10
     */
    record Knee(double at, double score) {
        Knee {
            if (!(at > 0)) {
                throw new IllegalArgumentException("at: " + at + " is not positive");
            }
            requireScore(score);
        }
    }

    private static void requireScore(double score) {
        if (!(score >= 0 && score <= 10)) {
            throw new IllegalArgumentException("score: " + score + " is not between 0 and 10");
        }
    }
}
