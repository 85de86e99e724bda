package io.emberwatch.scorer.heatmap;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.scorer.heatmap.Heatmap.Cell;
import io.emberwatch.scorer.heatmap.Heatmap.Column;
import io.emberwatch.scorer.heatmap.Heatmap.Slot;
import io.emberwatch.scorer.heatmap.HeatmapRequest.Calculation;
import io.emberwatch.scorer.heatmap.HeatmapRequest.Columns;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a heatmap from recorded scores.
 *
 * <p>Scores are read in steps of five minutes and sorted into local hours afterwards, so that every zone's hours come out
 * right: those of half-hour offsets, the hour that a day in spring leaves out and the one that a day in autumn has twice.
 */
public final class HeatmapReader {
    private static final Duration STEP = Duration.ofMinutes(5);

    /** Prometheus answers with at most 11 000 points a series. */
    private static final Duration AT_ONCE = Duration.ofDays(30);

    /** Of one hour; and how long one may be, in characters. */
    private static final int MOST_EVENTS = 12;

    private static final int LONGEST_EVENT = 80;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("EEE d MMM yyyy HH:mm", Locale.ENGLISH);

    private final QuerySource source;

    public HeatmapReader(QuerySource source) {
        this.source = source;
    }

    /** An hour of the clock on a day; the offset tells apart the two that have the same name. */
    private record Hour(LocalDate date, int hour, ZoneOffset offset) implements Comparable<Hour> {
        static Hour of(ZonedDateTime time) {
            return new Hour(time.toLocalDate(), time.getHour(), time.getOffset());
        }

        @Override
        public int compareTo(Hour other) {
            int order = date.compareTo(other.date);
            order = order != 0 ? order : Integer.compare(hour, other.hour);
            return order != 0 ? order : offset.compareTo(other.offset);
        }
    }

    /** What is known of one hour. */
    private static final class Seen {
        private double worst = Double.NaN;
        private double sum;
        private int count;
        private final Set<String> events = new LinkedHashSet<>();

        void add(double value) {
            worst = Double.isNaN(worst) ? value : Math.min(worst, value);
            sum += value;
            count++;
        }

        void happened(String event) {
            if (events.size() < MOST_EVENTS) {
                events.add(event.length() <= LONGEST_EVENT ? event : event.substring(0, LONGEST_EVENT) + "…");
            }
        }

        double score(Calculation calculation) {
            return calculation == Calculation.MIN || count == 0 ? worst : sum / count;
        }
    }

    /**
     * Reads.
     *
     * @param now the newest moment shown
     * @throws QueryException when the source does not answer, or there is no such cluster or more than one; the kind is
     *     {@code BAD_DATA} for the latter
     */
    public Heatmap read(HeatmapRequest request, Instant now) throws QueryException {
        LocalDate last = LocalDate.ofInstant(now, request.zone());
        LocalDate first = last.minusDays(request.days() - 1L);
        Instant start = first.atStartOfDay(request.zone()).toInstant();
        String cluster = cluster(request, start, now);
        String selector = request.metric() + "{cluster=" + quoted(cluster) + "}";
        Map<Hour, Seen> seen = new TreeMap<>();
        String over = request.calculation() == Calculation.MIN ? "min_over_time" : "avg_over_time";
        read(
                "min(" + over + "(" + selector + "[5m] offset 1ms))",
                request,
                start,
                now,
                seen,
                (labels, cell, value) -> cell.add(value));
        events(cluster, request, start, now, seen);
        String title = (cluster.isEmpty() ? "cluster" : cluster)
                + (request.calculation() == Calculation.MIN ? ", worst of each hour" : ", mean of each hour");
        return new Heatmap(title, request.zone(), columns(request, first, last, now, seen));
    }

    // Told when the source has them; a heatmap without events is a heatmap. What no metric of etcd's shows, such as
    // deployments and silences, is told by series of whoever knows: emberwatch_event{event="…",cluster="…"}, above 0
    // while
    // it lasts, for all clusters without a name of one.
    private void events(String cluster, HeatmapRequest request, Instant start, Instant now, Map<Hour, Seen> seen) {
        String of = "{cluster=" + quoted(cluster) + "}";
        Map<String, String> queries = Map.of(
                "leader changed", "max(increase(etcd_server_leader_changes_seen_total" + of + "[5m] offset 1ms)) > 0.5",
                "member restarted",
                        "max(changes(process_start_time_seconds{job=~\".*etcd.*\",cluster=" + quoted(cluster)
                                + "}[5m] offset 1ms)) > 0",
                "version changed",
                        "max(count by (instance) (count by (instance, server_version) "
                                + "(last_over_time(etcd_server_version" + of + "[10m] offset 1ms)))) > 1",
                "alert firing",
                        "max(max_over_time(ALERTS{alertstate=\"firing\",cluster=" + quoted(cluster)
                                + "}[5m] offset 1ms)) > 0");
        new TreeMap<>(queries).forEach((words, query) -> {
            try {
                read(query, request, start, now, seen, (labels, cell, value) -> cell.events.add(words));
            } catch (QueryException unanswered) {
                // The scores are what was asked for.
            }
        });
        try {
            String named = "max by (event) (max_over_time(emberwatch_event" + of + "[5m] offset 1ms) or "
                    + "max_over_time(emberwatch_event{cluster=\"\"}[5m] offset 1ms)) > 0";
            read(named, request, start, now, seen, (labels, cell, value) -> cell.happened(labels.get("event")));
        } catch (QueryException unanswered) {
            // Nobody told of any.
        }
    }

    @FunctionalInterface
    private interface Taking {
        void take(Labels labels, Seen cell, double value);
    }

    private void read(
            String query, HeatmapRequest request, Instant start, Instant now, Map<Hour, Seen> seen, Taking taking)
            throws QueryException {
        for (Instant from = start; from.isBefore(now); from = from.plus(AT_ONCE)) {
            Instant until = from.plus(AT_ONCE);
            Instant to = until.isAfter(now) ? now.plus(STEP) : until;
            // A value at a time covers the five minutes before it, but not that time itself: it begins the next hour.
            QueryValue value = source.range(query, from.plus(STEP), to, STEP).value();
            if (value instanceof QueryValue.Matrix matrix) {
                for (Series series : matrix.series()) {
                    take(series, request, seen, taking);
                }
            }
        }
    }

    private static void take(Series series, HeatmapRequest request, Map<Hour, Seen> seen, Taking taking) {
        for (int i = 0; i < series.size(); i++) {
            double value = series.values()[i];
            if (!Double.isNaN(value)) {
                Instant covered =
                        Instant.ofEpochMilli(series.timestampsMillis()[i]).minus(STEP);
                Hour hour = Hour.of(covered.atZone(request.zone()));
                taking.take(series.labels(), seen.computeIfAbsent(hour, unseen -> new Seen()), value);
            }
        }
    }

    private String cluster(HeatmapRequest request, Instant start, Instant now) throws QueryException {
        String wanted = request.cluster();
        long back = Math.max(1, Duration.between(start, now).toHours() + 1);
        String query = "group by (cluster) (last_over_time(" + request.metric() + "[" + back + "h]))";
        Set<String> known = new TreeSet<>();
        if (source.instant(query, now).value() instanceof QueryValue.Vector vector) {
            for (Sample sample : vector.samples()) {
                known.add(sample.labels().get("cluster"));
            }
        }
        if (wanted == null && known.size() == 1) {
            return known.iterator().next();
        }
        if (wanted != null && known.contains(wanted)) {
            return wanted;
        }
        String there = known.isEmpty() ? "there is none" : "there are " + String.join(", ", known);
        throw new QueryException(
                QueryException.Kind.BAD_DATA,
                wanted == null
                        ? "which cluster? " + there
                        : "no scores of cluster " + wanted + " in the last " + request.days() + " days; " + there);
    }

    private static List<Column> columns(
            HeatmapRequest request, LocalDate first, LocalDate last, Instant now, Map<Hour, Seen> seen) {
        return request.columns() == Columns.DAY ? days(request, first, last, now, seen) : weekdays(request, seen);
    }

    private static List<Column> days(
            HeatmapRequest request, LocalDate first, LocalDate last, Instant now, Map<Hour, Seen> seen) {
        List<Column> columns = new ArrayList<>();
        for (LocalDate date = first; !date.isAfter(last); date = date.plusDays(1)) {
            List<List<Cell>> cells = new ArrayList<>();
            boolean[] future = new boolean[Heatmap.HOURS];
            for (int hour = 0; hour < Heatmap.HOURS; hour++) {
                cells.add(new ArrayList<>());
            }
            // A day's hours as they come, five minutes at a time.
            Set<Hour> hours = new LinkedHashSet<>();
            ZonedDateTime end = date.plusDays(1).atStartOfDay(request.zone());
            for (ZonedDateTime at = date.atStartOfDay(request.zone()); at.isBefore(end); at = at.plus(STEP)) {
                if (hours.add(Hour.of(at))) {
                    future[at.getHour()] = at.toInstant().isAfter(now);
                    cells.get(at.getHour()).add(cell(at, seen.get(Hour.of(at)), request));
                }
            }
            List<Slot> slots = new ArrayList<>();
            for (int hour = 0; hour < Heatmap.HOURS; hour++) {
                slots.add(new Slot(cells.get(hour), future[hour]));
            }
            boolean labelled = request.days() <= 10 || date.getDayOfWeek() == DayOfWeek.MONDAY;
            columns.add(new Column(DAY.format(date), labelled, slots));
        }
        return columns;
    }

    private static Cell cell(ZonedDateTime at, @Nullable Seen seen, HeatmapRequest request) {
        String label = HOUR.format(at) + " " + at.getOffset();
        return seen == null
                ? new Cell(label, Double.NaN, List.of())
                : new Cell(label, seen.score(request.calculation()), List.copyOf(seen.events));
    }

    private static List<Column> weekdays(HeatmapRequest request, Map<Hour, Seen> seen) {
        List<Column> columns = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            List<Slot> slots = new ArrayList<>();
            String name = day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            for (int hour = 0; hour < Heatmap.HOURS; hour++) {
                Seen all = new Seen();
                for (Map.Entry<Hour, Seen> entry : seen.entrySet()) {
                    Hour key = entry.getKey();
                    double score = entry.getValue().score(request.calculation());
                    if (key.hour() == hour && key.date().getDayOfWeek() == day && !Double.isNaN(score)) {
                        all.add(score);
                    }
                }
                String label = name + " " + LocalTime.of(hour, 0);
                slots.add(new Slot(List.of(new Cell(label, all.score(request.calculation()), List.of())), false));
            }
            columns.add(new Column(name, true, slots));
        }
        return columns;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
