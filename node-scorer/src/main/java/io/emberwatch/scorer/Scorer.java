package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.scorer.Measurements.Member;
import io.emberwatch.scorer.Score.MemberScore;
import io.emberwatch.scorer.Score.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * Turns measurements into scores. The same measurements in the same order give the same scores.
 *
 * <p>A cluster of n voting members needs q = n/2 + 1 of them. Under the quorum rule its score is that of its q-th best
 * member or of its leader, whichever is lower, less up to a quarter of it for members beyond q that are down or unwell,
 * the first of which costs most: whoever asks it is not answered, however many others there are. Without a quorum it is 0.
 * A member is fully well from {@link #WELL} points up and no help at {@link #UNWELL} or below.
 */
final class Scorer {
    static final double WELL = 9;
    static final double UNWELL = 5;

    /** The share of the score that tolerance of failures is worth. */
    static final double TOLERANCE = 0.25;

    /** How much of what is left of the tolerance goes with each member beyond the quorum that is no help. */
    private static final double EACH = 0.85;

    private final ScoreModel model;
    private final MemberScorer memberScorer;
    private final Settling settling = new Settling();

    Scorer(ScoreModel model) {
        this.model = model;
        memberScorer = new MemberScorer(model);
    }

    /** One score per cluster, sorted by name. */
    List<Score> score(Measurements measured) {
        settling.keepOnly(measured.members().keySet());
        Map<Labels, List<Member>> clusters = new LinkedHashMap<>();
        for (Member member : measured.members().keySet()) {
            clusters.computeIfAbsent(member.cluster(), name -> new ArrayList<>())
                    .add(member);
        }
        List<Score> scores = new ArrayList<>();
        clusters.forEach((labels, members) -> scores.add(clusterScore(labels, members, measured)));
        return scores;
    }

    private Score clusterScore(Labels labels, List<Member> members, Measurements measured) {
        List<MemberScore> all = new ArrayList<>();
        List<MemberScore> voters = new ArrayList<>();
        List<MemberScore> leaders = new ArrayList<>();
        double confidence = 0;
        for (Member member : members) {
            MemberScore score = memberScorer.score(member, measured, settling);
            all.add(score);
            confidence += score.confidence() / members.size();
            if (!measured.learners().contains(member)) {
                voters.add(score);
            }
            if (measured.leaders().contains(member)) {
                leaders.add(score);
            }
        }
        List<String> reasons = new ArrayList<>();
        OptionalDouble score = cluster(all, voters, leaders, reasons);
        Range range = new Range(
                edge(all, voters, leaders, member -> member.range().low()),
                edge(all, voters, leaders, member -> member.range().high()));
        return new Score(labels, score, range, Scale.rounded(confidence), all, reasons);
    }

    private OptionalDouble cluster(
            List<MemberScore> all, List<MemberScore> voters, List<MemberScore> leaders, List<String> reasons) {
        return model.cluster() == ScoreModel.ClusterRule.QUORUM
                ? quorum(voters, leaders, reasons)
                : plain(all, reasons);
    }

    private double edge(
            List<MemberScore> all,
            List<MemberScore> voters,
            List<MemberScore> leaders,
            ToDoubleFunction<MemberScore> edge) {
        UnaryOperator<List<MemberScore>> at = members -> members.stream()
                .map(member -> member.scoring(edge.applyAsDouble(member)))
                .toList();
        return cluster(at.apply(all), at.apply(voters), at.apply(leaders), new ArrayList<>())
                .orElse(0);
    }

    private OptionalDouble plain(List<MemberScore> members, List<String> reasons) {
        double[] known = known(members);
        if (known.length == 0 || known.length < members.size() / 2 + 1) {
            reasons.add(known.length + " of " + members.size() + " members have a score");
            return OptionalDouble.empty();
        }
        members.stream()
                .filter(member -> member.score().orElse(Scale.BEST) < Scale.BEST)
                .min(Comparator.comparingDouble(member -> member.score().orElse(Scale.BEST)))
                .ifPresent(worst -> reasons.add(told(worst, "")));
        if (model.cluster() == ScoreModel.ClusterRule.WORST) {
            return OptionalDouble.of(known[0]);
        }
        double sum = 0;
        for (double score : known) {
            sum += score;
        }
        return OptionalDouble.of(Scale.rounded(sum / known.length));
    }

    private static OptionalDouble quorum(List<MemberScore> voters, List<MemberScore> leaders, List<String> reasons) {
        double[] known = known(voters);
        int quorum = voters.size() / 2 + 1;
        if (known.length < quorum) {
            reasons.add(known.length + " of " + voters.size() + " members have a score, " + quorum + " are needed");
            return OptionalDouble.empty();
        }
        int able = 0;
        for (double score : known) {
            able += score > 0 ? 1 : 0;
        }
        if (able < quorum) {
            reasons.add(able + " of " + voters.size() + " members can work, " + quorum + " are needed");
            voters.forEach(member -> unwell(member, "", reasons));
            return OptionalDouble.of(0);
        }
        double best = known[known.length - quorum];
        for (MemberScore leader : leaders) {
            best = Math.min(best, leader.score().orElse(best));
            unwell(leader, ", the leader,", reasons);
        }
        voters.stream()
                .filter(member -> !leaders.contains(member))
                .sorted(Comparator.comparingDouble(member -> member.score().orElse(MemberScorer.UNMEASURED)))
                .forEach(member -> unwell(member, "", reasons));
        int spares = voters.size() - quorum;
        double lost = spares == 0 ? 0 : TOLERANCE * (1 - tolerance(known, quorum, spares));
        return OptionalDouble.of(Scale.rounded(best * (1 - lost)));
    }

    // What the members beyond the quorum leave, from 0 (none is any help) to 1; one without a score is half a help.
    private static double tolerance(double[] known, int quorum, int spares) {
        double left = Math.pow(1 - EACH * 0.5, (double) spares - (known.length - quorum));
        for (int i = 0; i < known.length - quorum; i++) {
            double help = Math.min(1, Math.max(0, (known[i] - UNWELL) / (WELL - UNWELL)));
            left *= 1 - EACH * (1 - help);
        }
        double least = Math.pow(1 - EACH, spares);
        return (left - least) / (1 - least);
    }

    private static double[] known(List<MemberScore> members) {
        return members.stream()
                .flatMapToDouble(member -> member.score().stream())
                .sorted()
                .toArray();
    }

    private static void unwell(MemberScore member, String role, List<String> reasons) {
        if (member.score().isEmpty() || member.score().getAsDouble() < WELL) {
            reasons.add(told(member, role));
        }
    }

    private static String told(MemberScore member, String role) {
        String first = member.reasons().isEmpty() ? "" : ": " + member.reasons().get(0);
        if (member.score().isEmpty()) {
            return member.name() + role + " has no score" + first;
        }
        return String.format(
                Locale.ROOT,
                "%s%s scores %.1f%s",
                member.name(),
                role,
                member.score().getAsDouble(),
                first);
    }
}
