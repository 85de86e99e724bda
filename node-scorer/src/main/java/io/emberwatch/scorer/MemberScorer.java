package io.emberwatch.scorer;

import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import io.emberwatch.scorer.Score.Component;
import io.emberwatch.scorer.Score.MemberScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Scores one member: the weighted mean of its components, but not above what its worst component allows by its severity,
 * nor above what a veto leaves. A member that is down scores 0.
 *
 * <p>A component without input counts {@link #UNMEASURED} points, so that a score never rests at its best on nothing;
 * an optional one does not count.
 */
final class MemberScorer {
    /** What a component that is not measured counts, of 10. */
    static final double UNMEASURED = 5;

    private final ScoreModel model;

    MemberScorer(ScoreModel model) {
        this.model = model;
    }

    MemberScore score(Member member, Measurements measured, Settling settling) {
        if (!measured.members().getOrDefault(member, false)) {
            return new MemberScore(
                    member.name(), false, OptionalDouble.of(0), 1, List.of(), List.of("the member is down"));
        }
        List<Component> components = new ArrayList<>();
        double weights = 0;
        double known = 0;
        double sum = 0;
        double ceiling = Scale.BEST;
        for (ScoreModel.Indicator indicator : model.indicators()) {
            Component component = component(indicator, member, measured, settling);
            components.add(component);
            if (component.score().isPresent()) {
                double score = component.score().getAsDouble();
                weights += indicator.weight();
                known += indicator.weight();
                sum += indicator.weight() * score;
                ceiling = Math.min(ceiling, Scale.BEST - (Scale.BEST - score) * indicator.severity());
            } else if (!indicator.optional()) {
                weights += indicator.weight();
                sum += indicator.weight() * UNMEASURED;
            }
        }
        double confidence = Scale.rounded(known / weights);
        OptionalDouble score = confidence < Score.LEAST_CONFIDENCE
                ? OptionalDouble.empty()
                : OptionalDouble.of(Scale.rounded(Math.min(sum / weights, ceiling)));
        List<String> reasons = new ArrayList<>();
        for (ScoreModel.Veto veto : model.vetoes()) {
            if (measured.vetoed().getOrDefault(veto.name(), Set.of()).contains(member)) {
                score = OptionalDouble.of(Math.min(score.orElse(Scale.BEST), veto.score()));
                reasons.add(veto.words());
            }
        }
        reasons.addAll(Reasons.of(model.indicators(), components));
        return new MemberScore(member.name(), true, score, confidence, components, reasons);
    }

    private static Component component(
            ScoreModel.Indicator indicator, Member member, Measurements measured, Settling settling) {
        Input input = measured.inputs().getOrDefault(indicator.name(), Map.of()).get(member);
        if (input == null) {
            return new Component(
                    indicator.name(), indicator.weight(), OptionalDouble.empty(), OptionalDouble.empty(), "");
        }
        OptionalDouble score = OptionalDouble.empty();
        if (!Double.isNaN(input.value()) || indicator.idle() == ScoreModel.Idle.GOOD) {
            double raw =
                    Double.isNaN(input.value()) ? Scale.BEST : indicator.scale().score(input.value());
            score = OptionalDouble.of(settling.settle(member, indicator, measured.at(), raw));
        }
        return new Component(
                indicator.name(), indicator.weight(), OptionalDouble.of(input.value()), score, input.query());
    }
}
