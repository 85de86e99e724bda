package io.emberwatch.scorer;

import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import io.emberwatch.scorer.Score.Component;
import io.emberwatch.scorer.Score.MemberScore;
import io.emberwatch.scorer.Score.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scores one member: the weighted mean of its components, but not above what its worst component allows by its severity,
 * nor above what a veto leaves. A member that is down scores 0.
 *
 * <p>A component that is not known counts {@link #UNMEASURED} points, so that a score never rests at its best on nothing.
 */
final class MemberScorer {
    /** What a component that is not measured counts, of 10. */
    static final double UNMEASURED = 5;

    private final ScoreModel model;

    MemberScorer(ScoreModel model) {
        this.model = model;
    }

    /** One indicator as it was found, before the weights of all are known. */
    private record Found(
            ScoreModel.Indicator indicator, @Nullable Input input, OptionalDouble score, boolean counts) {
        double weight() {
            return counts ? indicator.weight() : 0;
        }

        double scoreOr(double unknown) {
            return score.orElse(unknown);
        }
    }

    MemberScore score(Member member, Measurements measured, Settling settling) {
        if (!measured.members().getOrDefault(member, false)) {
            return new MemberScore(
                    member.name(),
                    false,
                    OptionalDouble.of(0),
                    Range.NOTHING,
                    1,
                    List.of(),
                    List.of("the member is down"));
        }
        List<Found> found = new ArrayList<>();
        for (ScoreModel.Indicator indicator : model.indicators()) {
            found.add(find(indicator, member, measured, settling));
        }
        double weights = found.stream().mapToDouble(Found::weight).sum();
        double known = found.stream()
                .filter(one -> one.score().isPresent())
                .mapToDouble(Found::weight)
                .sum();
        double confidence = weights == 0 ? 0 : Scale.rounded(known / weights);
        OptionalDouble score = confidence < Score.LEAST_CONFIDENCE
                ? OptionalDouble.empty()
                : OptionalDouble.of(mean(found, weights, UNMEASURED));
        Range range = new Range(Math.min(mean(found, weights, 0), ceiling(found, 0)), mean(found, weights, Scale.BEST));
        List<Component> components = found.stream()
                .map(one -> component(one, weights == 0 ? 0 : one.weight() / weights))
                .toList();
        List<String> reasons = new ArrayList<>();
        for (ScoreModel.Veto veto : model.vetoes()) {
            if (measured.vetoed().getOrDefault(veto.name(), Set.of()).contains(member)) {
                score = OptionalDouble.of(Math.min(score.orElse(Scale.BEST), veto.score()));
                range = range.atMost(veto.score());
                reasons.add(veto.words());
            }
        }
        reasons.addAll(Reasons.of(model.indicators(), components));
        return new MemberScore(member.name(), true, score, range, confidence, components, reasons);
    }

    // What is not known does not cap: that it is bad is only one of its possibilities.
    private static double mean(List<Found> found, double weights, double unknown) {
        double sum = 0;
        for (Found one : found) {
            sum += one.weight() * one.scoreOr(unknown);
        }
        return weights == 0 ? unknown : Scale.rounded(Math.min(sum / weights, ceiling(found, Scale.BEST)));
    }

    private static double ceiling(List<Found> found, double unknown) {
        double ceiling = Scale.BEST;
        for (Found one : found) {
            if (one.counts()) {
                double missing = Scale.BEST - one.scoreOr(unknown);
                ceiling =
                        Math.min(ceiling, Scale.BEST - missing * one.indicator().severity());
            }
        }
        return ceiling;
    }

    private static Component component(Found found, double share) {
        Input input = found.input();
        return new Component(
                found.indicator().name(),
                share,
                input == null ? OptionalDouble.empty() : OptionalDouble.of(input.value()),
                found.score(),
                input == null ? "" : input.query());
    }

    private static Found find(ScoreModel.Indicator indicator, Member member, Measurements measured, Settling settling) {
        Input input = measured.inputs().getOrDefault(indicator.name(), Map.of()).get(member);
        ScoreModel.Meaning meaning = input == null ? indicator.absent() : indicator.idle();
        boolean measuredNow = input != null && !Double.isNaN(input.value());
        if (!measuredNow && meaning == ScoreModel.Meaning.UNKNOWN) {
            return new Found(indicator, input, OptionalDouble.empty(), true);
        }
        if (!measuredNow && meaning == ScoreModel.Meaning.IGNORED) {
            return new Found(indicator, input, OptionalDouble.empty(), false);
        }
        double raw = meaning == ScoreModel.Meaning.BAD ? 0 : Scale.BEST;
        if (input != null && measuredNow) {
            raw = indicator.scale().score(input.value());
        }
        double settled = settling.settle(member, indicator, measured.at(), raw);
        return new Found(indicator, input, OptionalDouble.of(settled), true);
    }
}
