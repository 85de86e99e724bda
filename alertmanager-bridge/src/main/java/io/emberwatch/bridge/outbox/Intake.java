package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.metrics.BridgeMetrics.Verdict;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.Severity;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a received notification is (news, a duplicate, a repetition) and queues its deliveries, in the writer's
 * transaction.
 *
 * <p>A group is known by receiver and group key. A group key names the sender's routes, so it changes when its
 * configuration is edited: a new key with known group labels and a known firing alert continues the old group.
 */
final class Intake {
    private final DedupPolicy policy;
    private final Calm calm;

    Intake(DedupPolicy policy, Calm calm) {
        this.policy = policy;
        this.calm = calm;
    }

    Taken take(Sql sql, Received received) throws SQLException {
        Notification notification = received.notification();
        Lane lane = find(sql, notification);
        String canon = Canon.of(notification);
        if (lane != null && Canon.same(lane.canon(), canon)) {
            return again(sql, lane, received);
        }
        return news(sql, lane, received, canon);
    }

    private static @Nullable Lane find(Sql sql, Notification notification) throws SQLException {
        String key = key(notification);
        Lane lane = sql.first(
                "SELECT " + Lane.COLUMNS + " FROM lane WHERE receiver = ? AND group_key = ?",
                Lane::read,
                notification.receiver(),
                key);
        if (lane != null) {
            return lane;
        }
        List<Lane> kin = sql.list(
                "SELECT " + Lane.COLUMNS
                        + " FROM lane WHERE receiver = ? AND group_labels = ? AND closed IS NULL ORDER BY accepted DESC"
                        + " LIMIT 20",
                Lane::read,
                notification.receiver(),
                notification.groupLabels().toString());
        for (Lane candidate : kin) {
            if (Canon.continues(candidate.canon(), notification)) {
                sql.update("UPDATE lane SET group_key = ? WHERE id = ?", key, candidate.id());
                return candidate;
            }
        }
        return null;
    }

    private static String key(Notification notification) {
        return notification.groupKey().isEmpty() ? notification.groupLabels().toString() : notification.groupKey();
    }

    private Taken again(Sql sql, Lane lane, Received received) throws SQLException {
        Notification notification = received.notification();
        long now = received.at().toEpochMilli();
        boolean soon = now - lane.accepted() < policy.window().toMillis();
        if (!notification.isFiring() || (soon && !notification.isRepeat())) {
            Trail.addIfKept(sql, now, lane.inbox(), "duplicate", notification.externalUrl());
            return new Taken(Verdict.DUPLICATE, lane.inbox(), lane.id(), List.of());
        }
        int repeats = lane.repeats() + 1;
        List<String> channels = policy.deliverRepeats() ? together(lane.channels(), received.channels()) : List.of();
        long inbox = insert(sql, new State(lane.id(), lane.incident(), lane.seq() + 1, repeats), received, "repeat");
        List<Outbox.Waiting> waiting = queue(
                sql,
                channels,
                new Calm.State(lane.id(), lane.incident(), false, false, notification.severity()),
                inbox,
                now);
        sql.update(
                "UPDATE lane SET seq = ?, accepted = ?, repeats = ?, inbox = ? WHERE id = ?",
                lane.seq() + 1,
                now,
                repeats,
                inbox,
                lane.id());
        return new Taken(Verdict.REPEAT, inbox, lane.id(), waiting);
    }

    private Taken news(Sql sql, @Nullable Lane known, Received received, String canon) throws SQLException {
        Notification notification = received.notification();
        long now = received.at().toEpochMilli();
        Lane lane = known == null ? unknown(sql, now) : known;
        boolean returns =
                lane.closed() && notification.isFiring() && !lane.incident().isEmpty();
        int flaps = returns ? calm.returns(lane, now) : lane.flaps();
        boolean flapping = calm.flaps(flaps);
        boolean opens = lane.incident().isEmpty() || (returns && !flapping);
        long opened = opens ? Math.max(now, lane.opened() + 1) : lane.opened();
        State state = opens
                ? new State(lane.id(), incident(lane.id(), opened), 0, 0)
                : new State(lane.id(), lane.incident(), lane.seq() + 1, 0);
        // A channel that was told that an incident began is told how it ends, whatever its routes say by then.
        List<String> channels = opens ? received.channels() : together(lane.channels(), received.channels());
        long inbox = insert(sql, state, received, "accepted");
        boolean turns = lane.incident().isEmpty() || lane.closed() == notification.isFiring();
        Lane changed = new Lane(
                lane.id(),
                state.incident(),
                opened,
                !notification.isFiring(),
                state.seq(),
                canon,
                now,
                0,
                channels,
                inbox,
                flaps,
                turns ? now : lane.changed());
        if (known == null) {
            insert(sql, changed, received);
        } else {
            update(sql, changed, opens, notification.severity());
        }
        List<Outbox.Waiting> waiting = queue(
                sql,
                channels,
                new Calm.State(
                        lane.id(),
                        state.incident(),
                        opens,
                        flapping && (returns || !notification.isFiring()),
                        notification.severity()),
                inbox,
                now);
        return new Taken(Verdict.ACCEPTED, inbox, lane.id(), waiting);
    }

    private static void update(Sql sql, Lane lane, boolean opens, Severity severity) throws SQLException {
        sql.update(
                "UPDATE lane SET incident = ?, opened = ?, closed = ?, seq = ?, canon = ?, accepted = ?, repeats = 0,"
                        + " channels = ?, inbox = ?, flaps = ?, changed = ?, severity = ?, escalated = ? * escalated"
                        + " WHERE id = ?",
                lane.incident(),
                lane.opened(),
                lane.closed() ? lane.accepted() : null,
                lane.seq(),
                lane.canon(),
                lane.accepted(),
                String.join("\n", lane.channels()),
                lane.inbox(),
                lane.flaps(),
                lane.changed(),
                severity.word(),
                opens ? 0 : 1,
                lane.id());
    }

    private static List<String> together(List<String> told, List<String> routed) {
        TreeSet<String> all = new TreeSet<>(told);
        all.addAll(routed);
        return List.copyOf(all);
    }

    // Unique for ever, as message identifiers are made of it: numbers of lanes are never used twice in one database,
    // and the time tells databases apart.
    private static String incident(long lane, long now) {
        return Long.toString(lane, Character.MAX_RADIX) + "-" + Long.toString(now, Character.MAX_RADIX);
    }

    // The number is known before the row is written, as the row's own content is made of it: one write instead of two.
    private static Lane unknown(Sql sql, long now) throws SQLException {
        return new Lane(sql.next("lane"), "", now, false, 0, "", now, 0, List.of(), 0, 0, 0);
    }

    private static void insert(Sql sql, Lane lane, Received received) throws SQLException {
        Notification notification = received.notification();
        sql.update(
                "INSERT INTO lane (id, source, receiver, group_key, group_labels, incident, opened, closed, seq, canon,"
                        + " accepted, repeats, channels, inbox, flaps, changed, severity)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)",
                lane.id(),
                received.source(),
                notification.receiver(),
                key(notification),
                notification.groupLabels().toString(),
                lane.incident(),
                lane.opened(),
                lane.closed() ? lane.accepted() : null,
                lane.seq(),
                lane.canon(),
                lane.accepted(),
                String.join("\n", lane.channels()),
                lane.inbox(),
                lane.flaps(),
                lane.changed(),
                notification.severity().word());
    }

    private record State(long lane, String incident, int seq, int repeats) {}

    private static long insert(Sql sql, State state, Received received, String verdict) throws SQLException {
        Notification notification = received.notification();
        int firing = notification.firing();
        long now = received.at().toEpochMilli();
        long inbox = sql.next("inbox");
        sql.update(
                "INSERT INTO inbox (id, received, source, format, verdict, receiver, lane, incident, seq, repeats, headline,"
                        + " detail, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                inbox,
                now,
                received.source(),
                InboxRow.ALERTS,
                verdict,
                notification.receiver(),
                state.lane(),
                state.incident(),
                state.seq(),
                state.repeats(),
                received.headline(),
                firing + " firing, " + (notification.alerts().size() - firing) + " resolved, "
                        + notification.severity().name().toLowerCase(Locale.ROOT),
                received.raw().bytes());
        Trail.add(
                sql, now, inbox, "", verdict.equals("repeat") ? "repeat" : "received", "", notification.externalUrl());
        return inbox;
    }

    /** Keeps something that could not be read, or a notice, and queues its report. */
    Taken notice(Sql sql, Noticed noticed) throws SQLException {
        long now = noticed.at().toEpochMilli();
        String receiver = "!" + noticed.kind() + " " + noticed.receiver();
        sql.update(
                "INSERT OR IGNORE INTO lane (id, source, receiver, group_key, group_labels, incident, opened, closed, seq,"
                        + " canon, accepted, repeats, channels, inbox)"
                        + " VALUES (?, 'notice', ?, '', '', '', ?, ?, -1, '', ?, 0, '', 0)",
                sql.next("lane"),
                receiver,
                now,
                now,
                now);
        sql.update("UPDATE lane SET seq = seq + 1, accepted = ? WHERE receiver = ? AND group_key = ''", now, receiver);
        State state = sql.first(
                "SELECT id, opened, seq FROM lane WHERE receiver = ? AND group_key = ''",
                row -> new State(
                        row.getLong(1),
                        incident(row.getLong(1), row.getLong(2)) + "-" + row.getInt(3),
                        row.getInt(3),
                        0),
                receiver);
        if (state == null) {
            throw new SQLException("the lane of " + receiver + " is not there");
        }
        long inbox = sql.next("inbox");
        sql.update(
                "INSERT INTO inbox (id, received, source, format, verdict, receiver, lane, incident, seq, repeats, headline,"
                        + " detail, raw) VALUES (?, ?, 'notice', ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
                inbox,
                now,
                noticed.format(),
                noticed.kind(),
                noticed.receiver(),
                state.lane(),
                state.incident(),
                state.seq(),
                noticed.title(),
                noticed.text(),
                noticed.raw().bytes());
        Trail.add(sql, now, inbox, "", "received", "", noticed.text());
        List<Outbox.Waiting> waiting = new ArrayList<>();
        for (String channel : noticed.channels()) {
            waiting.add(queue(
                    sql,
                    new Outbox.Waiting(channel, state.lane(), Instant.ofEpochMilli(now)),
                    inbox,
                    now,
                    noticed.format()));
        }
        Verdict verdict = noticed.kind().equals("unparsable") ? Verdict.UNPARSABLE : Verdict.ACCEPTED;
        return new Taken(verdict, inbox, state.lane(), waiting);
    }

    /**
     * Puts down that something was done about an incident and queues the news of it.
     *
     * @param channels who is told
     * @return null when the incident is not known
     */
    @Nullable
    Taken update(Sql sql, String incident, String what, List<String> channels, Instant at) throws SQLException {
        record Known(State state, String receiver, String headline, Severity severity) {}
        Known known = sql.first(
                "SELECT l.id, l.seq, l.repeats, l.receiver, i.headline, l.severity FROM lane l"
                        + " JOIN inbox i ON i.id = l.inbox WHERE l.incident = ?",
                row -> new Known(
                        new State(row.getLong(1), incident, row.getInt(2) + 1, row.getInt(3)),
                        row.getString(4),
                        row.getString(5),
                        Severity.of(row.getString(6))),
                incident);
        if (known == null) {
            return null;
        }
        long now = at.toEpochMilli();
        State state = known.state();
        long inbox = sql.next("inbox");
        sql.update(
                "INSERT INTO inbox (id, received, source, format, verdict, receiver, lane, incident, seq, repeats, headline,"
                        + " detail, raw) VALUES (?, ?, 'action', ?, 'action', ?, ?, ?, ?, ?, ?, ?, x'')",
                inbox,
                now,
                InboxRow.UPDATE,
                known.receiver(),
                state.lane(),
                incident,
                state.seq(),
                state.repeats(),
                known.headline(),
                what);
        Trail.add(sql, now, inbox, "", "action", "", what);
        sql.update("UPDATE lane SET seq = ? WHERE id = ?", state.seq(), state.lane());
        List<Outbox.Waiting> waiting = queue(
                sql, channels, new Calm.State(state.lane(), incident, false, false, Severity.CRITICAL), inbox, now);
        return new Taken(Verdict.ACCEPTED, inbox, state.lane(), waiting);
    }

    private List<Outbox.Waiting> queue(Sql sql, List<String> channels, Calm.State state, long inbox, long now)
            throws SQLException {
        List<Outbox.Waiting> waiting = new ArrayList<>();
        for (String channel : channels) {
            waiting.add(queue(sql, calm.place(sql, channel, state, now), inbox, now, ""));
        }
        return waiting;
    }

    private static Outbox.Waiting queue(Sql sql, Outbox.Waiting place, long inbox, long now, String detail)
            throws SQLException {
        sql.update(
                "INSERT INTO delivery (channel, lane, inbox, replay, state, attempt, unsure, due, created, code)"
                        + " VALUES (?, ?, ?, 0, 'queued', 0, 0, ?, ?, '')",
                place.channel(),
                place.lane(),
                inbox,
                place.due().toEpochMilli(),
                now);
        boolean later = place.due().toEpochMilli() > now;
        Trail.add(sql, now, inbox, place.channel(), "queued", "", later ? "until " + place.due() : detail);
        return place;
    }
}
