package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.text.Durations;
import io.emberwatch.scorer.Measurements.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model tells beside its scores: when limits are reached, and what is out of the usual. */
final class Outlook {
    private final ScoreModel model;
    private final List<LimitWatch> limits;
    private final List<HabitWatch> habits;

    Outlook(ScoreModel model, QuerySource source) {
        this.model = model;
        limits = model.limits().stream()
                .map(limit -> new LimitWatch(limit, model.labels(), source))
                .toList();
        habits = model.habits().stream()
                .map(habit -> new HabitWatch(habit, model.labels(), source))
                .toList();
    }

    /**
     * What there is to tell.
     *
     * @param reasons in words, by member
     * @param unanswered queries that failed, with the reason
     */
    record View(Map<Member, List<String>> reasons, List<MetricFamily> families, List<String> unanswered) {
        static final View NOTHING = new View(Map.of(), List.of(), List.of());
    }

    boolean isEmpty() {
        return limits.isEmpty() && habits.isEmpty();
    }

    /** Whether there is more of the past to read, and somebody who answers. */
    boolean isBehind() {
        return habits.stream().anyMatch(HabitWatch::isBehind);
    }

    /** Looks at one time; not before the last. */
    View look(Instant at) {
        Page page = limits(at);
        for (HabitWatch habit : habits) {
            try {
                habit.look(at).forEach((member, view) -> page.habit(habit, member, view, at));
            } catch (QueryException e) {
                page.unanswered.add(habit.name() + ": " + e.getMessage());
            }
        }
        return page.view();
    }

    /** Looks at limits alone, which takes no weeks of the past. */
    View lookAtLimits(Instant at) {
        return limits(at).view();
    }

    private Page limits(Instant at) {
        Page page = new Page();
        for (LimitWatch limit : limits) {
            try {
                limit.look(at).forEach((member, reach) -> page.limit(limit, member, reach));
            } catch (QueryException e) {
                page.unanswered.add(limit.name() + ": " + e.getMessage());
            }
        }
        return page;
    }

    private final class Page {
        private final Map<Member, List<String>> reasons = new HashMap<>();
        private final List<String> unanswered = new ArrayList<>();
        private final Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
        private final Map<String, String> help = new LinkedHashMap<>();

        private Labels labels(Member member) {
            return member.cluster().with(model.labels().get(model.labels().size() - 1), member.name());
        }

        private void say(Member member, String words) {
            reasons.computeIfAbsent(member, name -> new ArrayList<>()).add(words);
        }

        private void add(String suffix, String words, Labels labels, double value) {
            String name = model.prefix() + "_" + suffix;
            help.putIfAbsent(name, words);
            points.computeIfAbsent(name, unseen -> new ArrayList<>()).add(MetricPoint.of(name, labels, value));
        }

        void limit(LimitWatch limit, Member member, LimitWatch.Reach reach) {
            Labels own = labels(member);
            String when = "time_to_" + limit.name();
            add(
                    when + "_seconds",
                    "Until the limit is reached as things go; infinite for never.",
                    own,
                    reach.seconds());
            add(
                    when + "_earliest_seconds",
                    "Until the limit is reached at the fastest pace that the trend allows.",
                    own,
                    reach.earliest());
            if (reach.isSoon()) {
                say(member, limit.words(reach));
            }
        }

        void habit(HabitWatch habit, Member member, HabitWatch.View view, Instant at) {
            Labels own = labels(member).with("habit", habit.name());
            if (!Double.isNaN(view.ratio())) {
                String words = "What is measured as a multiple of the usual for the time of day.";
                add("usual_ratio", words, own, view.ratio());
            }
            if (!Double.isNaN(view.changed().alarm())) {
                add(
                        "anomaly_score",
                        "How sure it is that something left its usual values upwards: from 1 on it has, at most 2.",
                        own,
                        view.changed().alarm());
            }
            if (view.changed().changed()) {
                add(
                        "unusual_since_timestamp_seconds",
                        "Since when something is above its usual, Unix time; absent while it is not.",
                        own,
                        view.since().getEpochSecond());
                say(member, habit.words(view, at));
            }
            Habits.Outlook outlook = view.outlook();
            if (outlook.isKnown()) {
                Labels told =
                        own.with("forecaster", outlook.forecaster()).with("horizon", Durations.format(Habits.AHEAD));
                String words = "What will be, by the forecaster that did best here of late.";
                outlook.quantiles()
                        .forEach((quantile, value) ->
                                add("forecast", words, told.with("quantile", String.valueOf(quantile)), value));
            }
        }

        View view() {
            List<MetricFamily> families = new ArrayList<>();
            points.forEach((name, own) ->
                    families.add(MetricFamily.of(name, MetricType.GAUGE, help.getOrDefault(name, ""), own)));
            return new View(reasons, families, unanswered);
        }
    }
}
