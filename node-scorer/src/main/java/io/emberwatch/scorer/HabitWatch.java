package io.emberwatch.scorer;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.scorer.Measurements.Member;
import io.emberwatch.scorer.forecast.ChangePoint;
import io.emberwatch.scorer.forecast.Forecaster;
import io.emberwatch.scorer.forecast.Forecasters;
import io.emberwatch.scorer.forecast.History;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Knows what is usual for the time of day, and tells that a series left it and what it will be in an hour.
 *
 * <p>The past is read once, {@link #DAYS_A_LOOK} days at a look, then only what is new. Bounded: {@link #MOST_SERIES}
 * members, of which the first count; a member that has shown nothing for a day is forgotten; {@link #BACKTESTS_A_LOOK}
 * members have their forecasters compared at a look, every member once a day.
 */
final class HabitWatch {
    static final int MOST_SERIES = 500;
    static final int DAYS_A_LOOK = 3;
    static final int BACKTESTS_A_LOOK = 10;

    private final ScoreModel.Habit habit;
    private final List<String> labels;
    private final QuerySource source;
    private final Map<Member, Habits> members = new TreeMap<>();
    private final List<Forecaster> forecasters;
    private final int size;
    private long read = Long.MIN_VALUE;
    private boolean behind;

    HabitWatch(ScoreModel.Habit habit, List<String> labels, QuerySource source) {
        this.habit = habit;
        this.labels = labels;
        this.source = source;
        forecasters = new ArrayList<>(Forecasters.naive());
        habit.forecasters().forEach(name -> forecasters.add(Forecasters.named(name)));
        size = (int) (habit.back().toMillis() / habit.step().toMillis());
    }

    /**
     * How a member does against its habits.
     *
     * @param ratio what is measured now as a multiple of the usual, NaN when one of them is not known
     * @param changed since when and how far it is out of the usual
     * @param since when the change began; the epoch without one
     * @param outlook what it will be, or none when nothing tells better than chance
     */
    record View(double ratio, ChangePoint changed, Instant since, Habits.Outlook outlook) {}

    String name() {
        return habit.name();
    }

    /** Whether the last look was answered and left some of the past to read. */
    boolean isBehind() {
        return behind;
    }

    Map<Member, View> look(Instant at) throws QueryException {
        behind = false;
        long now = Grid.step(at, habit.step());
        int perDay = habit.stepsPerDay();
        if (read < now - size) {
            members.clear();
            read = now - size;
        }
        for (int days = 0; days < DAYS_A_LOOK && read < now; days++) {
            long to = Math.min(now, read + perDay);
            Map<Member, double[]> fresh = Grid.read(source, habit.query(), labels, habit.step(), read + 1, to);
            fresh.keySet().forEach(this::admit);
            int added = (int) (to - read);
            members.forEach((member, own) -> own.add(fresh.get(member), added));
            read = to;
        }
        behind = read < now;
        return behind ? Map.of() : views();
    }

    private void admit(Member member) {
        if (members.size() < MOST_SERIES) {
            members.computeIfAbsent(member, name -> new Habits(forecasters, size));
        }
    }

    private Map<Member, View> views() {
        Map<Member, View> views = new TreeMap<>();
        int backtests = 0;
        Iterator<Map.Entry<Member, Habits>> each = members.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Member, Habits> entry = each.next();
            Habits own = entry.getValue();
            History history = own.history(habit.stepsPerDay(), read - size + 1);
            if (own.isSilent(habit.stepsPerDay())) {
                each.remove();
                continue;
            }
            if (backtests < BACKTESTS_A_LOOK && own.compareForecasters(history, read)) {
                backtests++;
            }
            own.learn(history, read);
            ChangePoint change = own.change(history);
            Instant since = change.changed() ? time(read - size + 1 + change.index()) : Instant.EPOCH;
            views.put(entry.getKey(), new View(own.ratio(history), change, since, own.outlook(history)));
        }
        return views;
    }

    private Instant time(long step) {
        return Instant.ofEpochMilli(step * habit.step().toMillis());
    }

    String words(View view, Instant at) {
        LocalDate day = LocalDate.ofInstant(view.since(), ZoneOffset.UTC);
        boolean today = day.equals(LocalDate.ofInstant(at, ZoneOffset.UTC));
        String since = DateTimeFormatter.ofPattern(today ? "HH:mm" : "yyyy-MM-dd HH:mm")
                .withZone(ZoneOffset.UTC)
                .format(view.since());
        return "since " + since + " UTC " + habit.words() + " is "
                + Reasons.value(Math.exp(view.changed().shift()), "times its usual")
                + (isWeekend(at) ? " for the hour of a weekend" : " for the hour of a working day");
    }

    private static boolean isWeekend(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC).getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
    }
}
