package io.emberwatch.scorer;

import io.emberwatch.model.MetricNames;
import io.emberwatch.scorer.forecast.Forecasters;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is scored and how, as data: {@code models/*.yml}.
 *
 * @param name the model's name
 * @param prefix what the published metrics begin with
 * @param labels the labels that every query keeps: the last one names a member, those before it the member's cluster
 * @param members PromQL: one series per member; 0 means that the member is down; a cluster is known by the first query
 *     that tells of it
 * @param leader PromQL whose positive series are the members that lead their cluster
 * @param learners PromQL whose positive series are the members that have no vote
 * @param cluster how member scores become a cluster score
 * @param vetoes states that no average may hide
 * @param indicators what is measured, at least one; weights are shares of their sum
 * @param limits what may run full; when it will is told beside the score and does not change it
 * @param habits what has a usual value for the time of day; that it left it is told beside the score
 */
record ScoreModel(
        String name,
        String prefix,
        @Default("[cluster, instance]") List<String> labels,
        List<String> members,
        @Nullable String leader,
        @Nullable String learners,
        @Default("quorum") ClusterRule cluster,
        @Default("[]") List<Veto> vetoes,
        List<Indicator> indicators,
        @Default("[]") List<Limit> limits,
        @Default("[]") List<Habit> habits) {

    /** How member scores become a cluster score. */
    enum ClusterRule {
        /** What a majority and the leader can still do, less up to a quarter for lost tolerance. */
        QUORUM,
        /** The lowest member score. */
        WORST,
        /** The mean of the member scores. */
        MEAN
    }

    /** What it means that there is no value. */
    enum Meaning {
        /** Counts as the best score: what is not there cannot be amiss. */
        GOOD,
        /** Counts as the worst score: that it is missing is the fault. */
        BAD,
        /** Counts half, and confidence falls. */
        UNKNOWN,
        /** Does not count, for what not every installation has. */
        IGNORED
    }

    /** Whose score a veto caps. */
    enum Scope {
        /** The members it names. */
        MEMBER,
        /** All members of the clusters it names. */
        CLUSTER
    }

    ScoreModel {
        if (!MetricNames.isMetricName(prefix)) {
            throw new IllegalArgumentException("prefix: " + prefix + " cannot begin a metric name");
        }
        if (labels.isEmpty() || new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("labels: at least one is needed, each once");
        }
        for (String label : labels) {
            if (!MetricNames.isLabelName(label) || label.equals("component")) {
                throw new IllegalArgumentException("labels: " + label + " cannot name a member");
            }
        }
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
        if (indicators.stream()
                        .filter(indicator -> indicator.absent() != Meaning.IGNORED)
                        .mapToDouble(Indicator::weight)
                        .sum()
                <= 0) {
            throw new IllegalArgumentException(
                    "indicators: some weight must be above zero on one that is not ignored when absent");
        }
    }

    /** Every PromQL expression of the model by its place in it, such as {@code indicators.wal_fsync[0]}. */
    Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        put(queries, "members", members);
        if (leader != null) {
            queries.put("leader", leader);
        }
        if (learners != null) {
            queries.put("learners", learners);
        }
        vetoes.forEach(veto -> queries.put("vetoes." + veto.name(), veto.query()));
        indicators.forEach(indicator -> put(queries, "indicators." + indicator.name(), indicator.inputs()));
        limits.forEach(limit -> queries.put("limits." + limit.name(), limit.query()));
        habits.forEach(habit -> queries.put("habits." + habit.name(), habit.query()));
        return queries;
    }

    private static void put(Map<String, String> queries, String place, List<String> expressions) {
        for (int i = 0; i < expressions.size(); i++) {
            queries.put(place + "[" + i + "]", expressions.get(i));
        }
    }

    /** The same model with other indicators. */
    ScoreModel with(List<Indicator> replaced) {
        return new ScoreModel(
                name, prefix, labels, members, leader, learners, cluster, vetoes, replaced, limits, habits);
    }

    /**
     * A state that caps the score of the members it names.
     *
     * @param query PromQL; every series it returns names a member or, in the scope of a cluster, a cluster
     * @param score the highest score left, 0 to 10
     * @param words what is the matter, for people; the name when empty
     */
    record Veto(
            String name,
            String query,
            double score,
            @Default("member") Scope scope,
            @Default("\"\"") String words) {
        Veto {
            requireScore(score);
            words = words.isEmpty() ? name.replace('_', ' ') : words;
        }
    }

    /**
     * One thing that is measured.
     *
     * @param weight not negative
     * @param severity how much of the score this alone may take, 0 to 1
     * @param unit of the input, for people
     * @param words what the input is, for people; the name when empty
     * @param idle what NaN means: the input is there, but nothing happened that could be measured
     * @param absent what it means that no input has a value
     * @param fallsAfter how long the component must be worse before its score falls
     * @param risesAfter how long the component must be better before its score rises
     * @param inputs PromQL, per member the first that has a value
     * @param steps all-or-nothing thresholds; the last one that the value is above decides
     * @param knees points of a graded scale, values ascending; not together with steps
     */
    record Indicator(
            String name,
            double weight,
            @Default("0") double severity,
            @Default("\"\"") String unit,
            @Default("\"\"") String words,
            @Default("unknown") Meaning idle,
            @Default("unknown") Meaning absent,
            @Default("0s") Duration fallsAfter,
            @Default("0s") Duration risesAfter,
            List<String> inputs,
            @Default("[]") List<Step> steps,
            @Default("[]") List<Knee> knees) {
        /** The longest that a component may be held, so that what is remembered stays small. */
        static final Duration LONGEST_HOLD = Duration.ofHours(1);

        Indicator {
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("weight: " + weight + " is not a finite number from 0 up");
            }
            if (!(severity >= 0 && severity <= 1)) {
                throw new IllegalArgumentException("severity: " + severity + " is not between 0 and 1");
            }
            requireHold("falls_after", fallsAfter);
            requireHold("rises_after", risesAfter);
            if (inputs.isEmpty()) {
                throw new IllegalArgumentException("inputs: at least one query is needed");
            }
            if (!steps.isEmpty() && !knees.isEmpty()) {
                throw new IllegalArgumentException("knees: an indicator has steps or knees, not both");
            }
            for (int i = 1; i < steps.size(); i++) {
                if (!steps.get(i - 1).isBefore(steps.get(i))) {
                    throw new IllegalArgumentException("steps: thresholds must ascend");
                }
            }
            for (int i = 1; i < knees.size(); i++) {
                if (!(knees.get(i).at() > knees.get(i - 1).at())) {
                    throw new IllegalArgumentException("knees: values must ascend");
                }
            }
            words = words.isEmpty() ? name.replace('_', ' ') : words;
        }

        private static void requireHold(String key, Duration hold) {
            if (hold.isNegative() || hold.compareTo(LONGEST_HOLD) > 0) {
                throw new IllegalArgumentException(key + ": expected 0s to 1h");
            }
        }

        Scale scale() {
            return knees.isEmpty() ? new Scale.Stepped(steps) : new Scale.Graded(knees);
        }

        Indicator withWeight(double other) {
            return new Indicator(
                    name, other, severity, unit, words, idle, absent, fallsAfter, risesAfter, inputs, steps, knees);
        }
    }

    /**
     * From here on the score is this.
     *
     * @param above exclusive: the value itself still has the score before
     * @param from inclusive; in place of above
     * @param score 0 to 10
     */
    record Step(@Nullable Double above, @Nullable Double from, double score) {
        Step {
            if ((above == null) == (from == null)) {
                throw new IllegalArgumentException("above: a step has either above or from");
            }
            requireScore(score);
        }

        static Step above(double threshold, double score) {
            return new Step(threshold, null, score);
        }

        double threshold() {
            return above != null ? above : from != null ? from : Double.NaN;
        }

        boolean isPassedBy(double value) {
            return from != null ? value >= from : value > threshold();
        }

        // Two steps at one value have an order when the value itself belongs to the first only.
        boolean isBefore(Step other) {
            return threshold() < other.threshold()
                    || (threshold() == other.threshold() && from != null && other.above != null);
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

    /**
     * Something that grows towards a limit.
     *
     * @param words what happens at the limit, for people: "the database reaches its quota"
     * @param query PromQL, per member
     * @param limit in the query's units
     * @param back how far the trend looks back
     * @param step between two points of the trend
     */
    record Limit(
            String name,
            String words,
            String query,
            double limit,
            @Default("6h") Duration back,
            @Default("5m") Duration step) {
        Limit {
            if (!MetricNames.isMetricName(name)) {
                throw new IllegalArgumentException("name: " + name + " cannot be part of a metric name");
            }
            requireGrid(back, step);
        }
    }

    /**
     * Something whose value depends on the time of day. Its logarithm is what counts, so it must be above zero to count.
     *
     * @param words what it is, for people
     * @param unit of the query's values, for people
     * @param query PromQL, per member
     * @param back how far the usual is learnt from; at least three days
     * @param step between two values
     * @param forecasters which may forecast it: those of profile, holt-winters, arima and lstm; the last takes a second of
     *     a processor for each member and day
     */
    record Habit(
            String name,
            String words,
            @Default("\"\"") String unit,
            String query,
            @Default("14d") Duration back,
            @Default("5m") Duration step,
            @Default("[profile, holt-winters, arima]") List<String> forecasters) {
        Habit {
            forecasters.forEach(Forecasters::named);
            requireGrid(back, step);
            if (back.compareTo(Duration.ofDays(3)) < 0) {
                throw new IllegalArgumentException("back: at least 3d");
            }
            if (Duration.ofDays(1).toMillis() % step.toMillis() != 0) {
                throw new IllegalArgumentException("step: must divide a day");
            }
        }

        int stepsPerDay() {
            return (int) (Duration.ofDays(1).toMillis() / step.toMillis());
        }
    }

    private static void requireGrid(Duration back, Duration step) {
        if (step.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("step: at least 1m");
        }
        if (back.compareTo(step.multipliedBy(10)) < 0 || back.compareTo(Duration.ofDays(60)) > 0) {
            throw new IllegalArgumentException("back: at least ten steps, at most 60d");
        }
    }

    private static void requireScore(double score) {
        if (!(score >= 0 && score <= 10)) {
            throw new IllegalArgumentException("score: " + score + " is not between 0 and 10");
        }
    }
}
