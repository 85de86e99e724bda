package io.emberwatch.scorer;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Looks for weights that tell labelled faults from labelled harmless states better than a model's own, and says whether it
 * found any that deserve it.
 *
 * <p>What is made large is the probability that a moment of a fault scores lower than a moment of a harmless state (the area
 * under the ROC curve, ties counting half), every episode weighing the same, with a hundredth of the distance between the
 * two. Weights are moved one at a time by factors and never become negative, so a score stays monotone in every input;
 * scales, severities and vetoes stay. What was found is judged on episodes that it was not made from.
 */
public final class Tuning {
    private static final Duration ONSET = Duration.ofSeconds(30);
    private static final double[] FACTORS = {0.25, 0.5, 2, 4};
    private static final int ROUNDS = 3;
    private static final int FOLDS = 4;

    /** Less than this is not worth weights of one's own. */
    private static final double WORTH = 0.01;

    /** The most moments that are measured. */
    private static final int MOST_MOMENTS = 20_000;

    private final ScorerConfig config;
    private final QuerySource source;

    public Tuning(ScorerConfig config, QuerySource source) {
        this.config = config;
        this.source = source;
    }

    /** What was measured in an episode, in the order of time. */
    private record Measured(Episode episode, List<Measurements> moments) {}

    /**
     * Tunes the first configured model on a file of labels (see {@link Episode#read}) and tells the outcome as text.
     *
     * @throws IOException when the labels cannot be read or nothing was measured in their time
     * @throws ConfigException with every fault of the model
     */
    public String tune(Path labels) throws IOException, ConfigException {
        ScoreModel model = Models.loadAll(config.model(), config.weights()).get(0);
        List<Measured> all = measure(model, Episode.read(labels));
        Map<String, Double> own = weights(model);
        Map<String, Double> tuned = search(model, own, all);
        double[] unseen = held(model, own, all);
        StringBuilder text = new StringBuilder();
        line(text, "", "own weights", "tuned");
        figures(text, "told apart", quality(model, own, all), quality(model, tuned, all));
        figures(text, "told apart, on episodes not tuned on", unseen[0], unseen[1]);
        for (Measured one : all) {
            line(
                    text,
                    (one.episode().fault() ? "fault " : "harmless ")
                            + one.episode().name(),
                    seen(model, own, one),
                    seen(model, tuned, one));
        }
        text.append('\n');
        if (unseen[1] < unseen[0] + WORTH) {
            return text.append(
                            "Keep the model's own weights: others do not do better on what they were not made from.\n")
                    .toString();
        }
        text.append("weights:\n");
        tuned.forEach((name, weight) -> {
            if (!weight.equals(own.get(name))) {
                text.append(String.format(Locale.ROOT, "  %s: %.4g%n", name, weight));
            }
        });
        return text.toString();
    }

    private List<Measured> measure(ScoreModel model, List<Episode> episodes) throws IOException {
        Surveyor surveyor = new Surveyor(model, source);
        List<Measured> all = new ArrayList<>();
        int moments = 0;
        for (Episode episode : episodes) {
            List<Measurements> measured = new ArrayList<>();
            for (Instant at = episode.start(); at.isBefore(episode.end()); at = at.plus(config.interval())) {
                if (++moments > MOST_MOMENTS) {
                    throw new IOException("more than " + MOST_MOMENTS + " moments, take shorter episodes");
                }
                try {
                    measured.add(surveyor.measure(at));
                } catch (QueryException e) {
                    throw new IOException(episode.name() + ": " + e.getMessage(), e);
                }
            }
            if (measured.stream().allMatch(one -> one.members().isEmpty())) {
                throw new IOException(episode.name() + ": no members were found in that time");
            }
            all.add(new Measured(episode, measured));
        }
        return all;
    }

    private static Map<String, Double> weights(ScoreModel model) {
        Map<String, Double> weights = new LinkedHashMap<>();
        model.indicators().forEach(indicator -> weights.put(indicator.name(), indicator.weight()));
        return weights;
    }

    private static Map<String, Double> search(ScoreModel model, Map<String, Double> own, List<Measured> on)
            throws IOException {
        Map<String, Double> best = new LinkedHashMap<>(own);
        double reached = worth(model, best, on);
        boolean moved = true;
        for (int round = 0; round < ROUNDS && moved; round++) {
            moved = false;
            for (String name : own.keySet()) {
                double from = best.getOrDefault(name, 0.0);
                for (double factor : FACTORS) {
                    Map<String, Double> other = new LinkedHashMap<>(best);
                    other.put(name, from * factor);
                    double worth = worth(model, other, on);
                    if (worth > reached + 1e-4) {
                        reached = worth;
                        best = other;
                        moved = true;
                    }
                }
            }
        }
        return best;
    }

    // What own and tuned weights are worth when every episode is judged by weights made from the others.
    private static double[] held(ScoreModel model, Map<String, Double> own, List<Measured> all) throws IOException {
        Map<Measured, double[]> before = new LinkedHashMap<>();
        Map<Measured, double[]> after = new LinkedHashMap<>();
        for (int fold = 0; fold < FOLDS; fold++) {
            List<Measured> out = new ArrayList<>();
            List<Measured> in = new ArrayList<>();
            for (boolean fault : new boolean[] {true, false}) {
                List<Measured> kind = only(all, one -> one.episode().fault() == fault);
                for (int i = 0; i < kind.size(); i++) {
                    (i % FOLDS == fold ? out : in).add(kind.get(i));
                }
            }
            boolean both = in.stream().anyMatch(one -> one.episode().fault())
                    && in.stream().anyMatch(one -> !one.episode().fault());
            Map<String, Double> made = both && !out.isEmpty() ? search(model, own, in) : own;
            for (Measured one : out) {
                before.put(one, scores(Models.weighted(model, own), one, true));
                after.put(one, scores(Models.weighted(model, made), one, true));
            }
        }
        return new double[] {apart(before), apart(after)};
    }

    private static List<Measured> only(List<Measured> all, Predicate<Measured> which) {
        return all.stream().filter(which).toList();
    }

    private static double quality(ScoreModel model, Map<String, Double> weights, List<Measured> on) throws IOException {
        return apart(scores(Models.weighted(model, weights), on));
    }

    private static double worth(ScoreModel model, Map<String, Double> weights, List<Measured> on) throws IOException {
        Map<Measured, double[]> scores = scores(Models.weighted(model, weights), on);
        return apart(scores) + 0.01 * (mean(scores, false) - mean(scores, true)) / Scale.BEST;
    }

    private static double mean(Map<Measured, double[]> scores, boolean fault) {
        return scores.entrySet().stream()
                .filter(one -> one.getKey().episode().fault() == fault && one.getValue().length > 0)
                .mapToDouble(one -> Arrays.stream(one.getValue()).average().orElse(0))
                .average()
                .orElse(0);
    }

    private static Map<Measured, double[]> scores(ScoreModel model, List<Measured> on) {
        Map<Measured, double[]> scores = new LinkedHashMap<>();
        on.forEach(one -> scores.put(one, scores(model, one, true)));
        return scores;
    }

    // The worst cluster at each moment; of a fault, if that is wanted, only what comes after its onset.
    private static double[] scores(ScoreModel model, Measured one, boolean settled) {
        Scorer scorer = new Scorer(model);
        Instant from = settled && one.episode().fault()
                ? one.episode().start().plus(ONSET)
                : one.episode().start();
        List<Double> scores = new ArrayList<>();
        for (Measurements measured : one.moments()) {
            double score = worst(scorer.score(measured));
            if (!measured.at().isBefore(from)) {
                scores.add(score);
            }
        }
        return scores.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double worst(List<Score> clusters) {
        return clusters.stream()
                .mapToDouble(score -> score.score().orElse(MemberScorer.UNMEASURED))
                .min()
                .orElse(MemberScorer.UNMEASURED);
    }

    private static double apart(Map<Measured, double[]> scores) {
        double sum = 0;
        int pairs = 0;
        for (Map.Entry<Measured, double[]> fault : scores.entrySet()) {
            for (Map.Entry<Measured, double[]> well : scores.entrySet()) {
                if (fault.getKey().episode().fault()
                        && !well.getKey().episode().fault()
                        && fault.getValue().length > 0
                        && well.getValue().length > 0) {
                    sum += lower(fault.getValue(), well.getValue());
                    pairs++;
                }
            }
        }
        return pairs == 0 ? 0.5 : sum / pairs;
    }

    private static double lower(double[] faults, double[] wells) {
        double lower = 0;
        for (double fault : faults) {
            for (double well : wells) {
                lower += fault < well ? 1 : fault == well ? 0.5 : 0;
            }
        }
        return lower / faults.length / wells.length;
    }

    // When a fault was seen, or how low a harmless state came.
    private String seen(ScoreModel model, Map<String, Double> weights, Measured one) throws IOException {
        double[] scores = scores(Models.weighted(model, weights), one, false);
        if (!one.episode().fault()) {
            return String.format(
                    Locale.ROOT, "%.1f at worst", Arrays.stream(scores).min().orElse(0));
        }
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < Scorer.WELL) {
                return "seen after " + config.interval().multipliedBy(i).toSeconds() + " s";
            }
        }
        return "not seen";
    }

    private static void figures(StringBuilder text, String what, double own, double tuned) {
        line(text, what, String.format(Locale.ROOT, "%.3f", own), String.format(Locale.ROOT, "%.3f", tuned));
    }

    private static void line(StringBuilder text, String what, String own, String tuned) {
        text.append(String.format(Locale.ROOT, "%-44s %-18s %s", what, own, tuned)
                        .stripTrailing())
                .append('\n');
    }
}
