package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.scorer.Measurements.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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

    /** Looks at one time; not before the last. */
    View look(Instant at) {
        Page page = new Page();
        for (LimitWatch limit : limits) {
            try {
                limit.look(at).forEach((member, reach) -> page.limit(limit, member, reach));
            } catch (QueryException e) {
                page.unanswered.add(limit.name() + ": " + e.getMessage());
            }
        }
        for (HabitWatch habit : habits) {
            try {
                habit.look(at).forEach((member, view) -> page.habit(habit, member, view, at));
            } catch (QueryException e) {
                page.unanswered.add(habit.name() + ": " + e.getMessage());
            }
        }
        return page.view();
    }

    private final class Page {
        private final Map<Member, List<String>> reasons = new HashMap<>();
        private final List<String> unanswered = new ArrayList<>();
        private final List<MetricPoint> reached = new ArrayList<>();
        private final List<MetricPoint> earliest = new ArrayList<>();
        private final List<MetricPoint> ratios = new ArrayList<>();
        private final List<MetricPoint> changes = new ArrayList<>();
        private final List<MetricPoint> forecasts = new ArrayList<>();

        private Labels labels(Member member) {
            return member.cluster().with(model.labels().get(model.labels().size() - 1), member.name());
        }

        private void say(Member member, String words) {
            reasons.computeIfAbsent(member, name -> new ArrayList<>()).add(words);
        }

        void limit(LimitWatch limit, Member member, LimitWatch.Reach reach) {
            Labels own = labels(member).with("limit", limit.name());
            reached.add(MetricPoint.of(model.prefix() + "_limit_seconds", own, reach.seconds()));
            earliest.add(MetricPoint.of(model.prefix() + "_limit_earliest_seconds", own, reach.earliest()));
            if (reach.isSoon()) {
                say(member, limit.words(reach));
            }
        }

        void habit(HabitWatch habit, Member member, HabitWatch.View view, Instant at) {
            Labels own = labels(member).with("habit", habit.name());
            if (!Double.isNaN(view.ratio())) {
                ratios.add(MetricPoint.of(model.prefix() + "_usual_ratio", own, view.ratio()));
            }
            if (view.changed().changed()) {
                changes.add(MetricPoint.of(
                        model.prefix() + "_unusual_since_timestamp_seconds",
                        own,
                        view.since().getEpochSecond()));
                say(member, habit.words(view, at));
            }
            Habits.Outlook outlook = view.outlook();
            if (outlook.isKnown()) {
                Labels told = own.with("forecaster", outlook.forecaster());
                forecasts.add(MetricPoint.of(
                        model.prefix() + "_forecast_1h", told.with("quantile", "0.5"), outlook.median()));
                forecasts.add(
                        MetricPoint.of(model.prefix() + "_forecast_1h", told.with("quantile", "0.9"), outlook.upper()));
            }
        }

        View view() {
            List<MetricFamily> families = new ArrayList<>(List.of(
                    gauge(
                            "limit_seconds",
                            "When a limit is reached as things go, from now; infinite for never.",
                            reached),
                    gauge("limit_earliest_seconds", "When a limit is reached at the earliest, from now.", earliest),
                    gauge("usual_ratio", "What is measured as a multiple of the usual for the time of day.", ratios),
                    gauge(
                            "unusual_since_timestamp_seconds",
                            "Since when something is above its usual, Unix time; absent while it is not.",
                            changes),
                    gauge(
                            "forecast_1h",
                            "What will be in an hour, by the forecaster that did best here of late.",
                            forecasts)));
            families.removeIf(family -> family.points().isEmpty());
            return new View(reasons, families, unanswered);
        }

        private MetricFamily gauge(String name, String help, List<MetricPoint> points) {
            return MetricFamily.of(model.prefix() + "_" + name, MetricType.GAUGE, help, points);
        }
    }
}
