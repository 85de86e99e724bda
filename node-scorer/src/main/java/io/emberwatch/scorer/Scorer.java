package io.emberwatch.scorer;

import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import io.emberwatch.scorer.Score.Component;
import io.emberwatch.scorer.Score.MemberScore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Turns measurements into scores. Pure: the same measurements give the same scores.
 *
 * <p>A member's score is the weighted mean of its components that were measured, but not above what its worst component
 * allows by its severity, nor above what a veto leaves. A member that is down scores 0.
 *
 * <p>A cluster of n members needs q = n/2 + 1 of them. Under the quorum rule its score is that of its q-th best member or
 * of its leader, whichever is lower, less two points when no spare member is left (and a part of that when a spare is
 * unwell); without a quorum it is 0.
 */
final class Scorer {
    private static final double TOLERANCE_POINTS = 2;

    private final ScoreModel model;

    Scorer(ScoreModel model) {
        this.model = model;
    }

    /** One score per cluster, sorted by name. */
    List<Score> score(Measurements measured) {
        Map<String, List<Member>> clusters = new TreeMap<>();
        measured.members()
                .keySet()
                .forEach(member -> clusters.computeIfAbsent(member.cluster(), name -> new ArrayList<>())
                        .add(member));
        List<Score> scores = new ArrayList<>();
        clusters.forEach((name, members) -> scores.add(clusterScore(name, members, measured)));
        return scores;
    }

    private Score clusterScore(String name, List<Member> members, Measurements measured) {
        List<MemberScore> memberScores = new ArrayList<>();
        double confidence = 0;
        double leaderScore = Scale.BEST;
        for (Member member : members) {
            MemberScore score = memberScore(member, measured);
            memberScores.add(score);
            confidence += score.confidence() / members.size();
            if (measured.leaders().contains(member) && score.score().isPresent()) {
                leaderScore = Math.min(leaderScore, score.score().getAsDouble());
            }
        }
        return new Score(name, clusterScore(memberScores, leaderScore), confidence, memberScores);
    }

    private OptionalDouble clusterScore(List<MemberScore> members, double leaderScore) {
        double[] known = members.stream()
                .flatMapToDouble(member -> member.score().stream())
                .sorted()
                .toArray();
        int quorum = members.size() / 2 + 1;
        if (known.length < quorum) {
            return OptionalDouble.empty();
        }
        if (model.cluster() == ScoreModel.ClusterRule.WORST) {
            return OptionalDouble.of(known[0]);
        }
        long alive = java.util.Arrays.stream(known).filter(score -> score > 0).count();
        if (alive < quorum) {
            return OptionalDouble.of(0);
        }
        double able = Math.min(known[known.length - quorum], leaderScore);
        int spares = members.size() - quorum;
        double spareHealth = 0;
        for (int i = 0; i < known.length - quorum; i++) {
            spareHealth += known[i] / Scale.BEST;
        }
        double lost = spares == 0 ? 0 : TOLERANCE_POINTS * (1 - spareHealth / spares);
        return OptionalDouble.of(Math.max(0, able - lost));
    }

    private MemberScore memberScore(Member member, Measurements measured) {
        if (!measured.members().getOrDefault(member, false)) {
            return new MemberScore(
                    member.instance(), false, OptionalDouble.of(0), 1, List.of(), List.of("the member is down"));
        }
        List<Component> components = new ArrayList<>();
        double weights = 0;
        double known = 0;
        double sum = 0;
        double ceiling = Scale.BEST;
        for (ScoreModel.Indicator indicator : model.indicators()) {
            Component component = component(indicator, measured, member);
            components.add(component);
            weights += indicator.weight();
            if (component.score().isPresent()) {
                double score = component.score().getAsDouble();
                known += indicator.weight();
                sum += indicator.weight() * score;
                ceiling = Math.min(ceiling, Scale.BEST - (Scale.BEST - score) * indicator.severity());
            }
        }
        double confidence = known / weights;
        List<String> reasons = reasons(components, weights);
        OptionalDouble score = OptionalDouble.empty();
        if (confidence >= Score.LEAST_CONFIDENCE) {
            score = OptionalDouble.of(Math.min(sum / known, ceiling));
        }
        for (ScoreModel.Veto veto : model.vetoes()) {
            if (measured.vetoed().getOrDefault(veto.name(), java.util.Set.of()).contains(member)) {
                score = OptionalDouble.of(Math.min(score.orElse(Scale.BEST), veto.score()));
                reasons.add(0, veto.name());
            }
        }
        return new MemberScore(member.instance(), true, score, confidence, components, reasons);
    }

    private static Component component(ScoreModel.Indicator indicator, Measurements measured, Member member) {
        Input input = measured.inputs().getOrDefault(indicator.name(), Map.of()).get(member);
        if (input == null) {
            return new Component(
                    indicator.name(), indicator.weight(), OptionalDouble.empty(), OptionalDouble.empty(), "");
        }
        OptionalDouble score;
        if (Double.isNaN(input.value())) {
            score = indicator.idle() == ScoreModel.Idle.GOOD ? OptionalDouble.of(Scale.BEST) : OptionalDouble.empty();
        } else {
            score = OptionalDouble.of(indicator.scale().score(input.value()));
        }
        return new Component(
                indicator.name(), indicator.weight(), OptionalDouble.of(input.value()), score, input.query());
    }

    private static List<String> reasons(List<Component> components, double weights) {
        List<String> reasons = new ArrayList<>();
        components.stream()
                .filter(component -> component.score().orElse(Scale.BEST) < Scale.BEST)
                .sorted(Comparator.comparingDouble(
                        component -> (component.score().orElse(Scale.BEST) - Scale.BEST) * component.weight()))
                .forEach(component -> reasons.add(String.format(
                        Locale.ROOT,
                        "%s lost %.2f of %.2f points (measured %.4g)",
                        component.name(),
                        (Scale.BEST - component.score().orElse(Scale.BEST)) * component.weight() / weights,
                        Scale.BEST * component.weight() / weights,
                        component.input().orElse(Double.NaN))));
        components.stream()
                .filter(component -> component.score().isEmpty())
                .forEach(component -> reasons.add(component.name() + " is not measured"));
        return reasons;
    }
}
