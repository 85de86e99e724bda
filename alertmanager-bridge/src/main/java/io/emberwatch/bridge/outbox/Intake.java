package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.metrics.BridgeMetrics.Verdict;
import io.emberwatch.bridge.notification.Notification;
import java.sql.SQLException;
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

    Intake(DedupPolicy policy) {
        this.policy = policy;
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
        queue(sql, channels, lane.id(), inbox, now);
        sql.update(
                "UPDATE lane SET seq = ?, accepted = ?, repeats = ?, inbox = ? WHERE id = ?",
                lane.seq() + 1,
                now,
                repeats,
                inbox,
                lane.id());
        return new Taken(Verdict.REPEAT, inbox, lane.id(), channels);
    }

    private static Taken news(Sql sql, @Nullable Lane known, Received received, String canon) throws SQLException {
        Notification notification = received.notification();
        long now = received.at().toEpochMilli();
        Lane lane = known == null ? insertLane(sql, received, now) : known;
        boolean opens = lane.incident().isEmpty() || (lane.closed() && notification.isFiring());
        long opened = opens ? Math.max(now, lane.opened() + 1) : lane.opened();
        State state = opens
                ? new State(lane.id(), incident(lane.id(), opened), 0, 0)
                : new State(lane.id(), lane.incident(), lane.seq() + 1, 0);
        // A channel that was told that an incident began is told how it ends, whatever its routes say by then.
        List<String> channels = opens ? received.channels() : together(lane.channels(), received.channels());
        long inbox = insert(sql, state, received, "accepted");
        queue(sql, channels, lane.id(), inbox, now);
        sql.update(
                "UPDATE lane SET incident = ?, opened = ?, closed = ?, seq = ?, canon = ?, accepted = ?, repeats = 0,"
                        + " channels = ?, inbox = ? WHERE id = ?",
                state.incident(),
                opened,
                notification.isFiring() ? null : now,
                state.seq(),
                canon,
                now,
                String.join("\n", channels),
                inbox,
                lane.id());
        return new Taken(Verdict.ACCEPTED, inbox, lane.id(), channels);
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

    private static Lane insertLane(Sql sql, Received received, long now) throws SQLException {
        Notification notification = received.notification();
        long id = sql.insert(
                "INSERT INTO lane (source, receiver, group_key, group_labels, incident, opened, closed, seq, canon,"
                        + " accepted, repeats, channels, inbox) VALUES (?, ?, ?, ?, '', ?, NULL, 0, '', ?, 0, '', 0)",
                received.source(),
                notification.receiver(),
                key(notification),
                notification.groupLabels().toString(),
                now,
                now);
        return new Lane(id, "", now, false, 0, "", now, 0, List.of(), 0);
    }

    private record State(long lane, String incident, int seq, int repeats) {}

    private static long insert(Sql sql, State state, Received received, String verdict) throws SQLException {
        Notification notification = received.notification();
        int firing = notification.firing();
        long now = received.at().toEpochMilli();
        long inbox = sql.insert(
                "INSERT INTO inbox (received, source, format, verdict, receiver, lane, incident, seq, repeats, headline,"
                        + " detail, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
    static Taken notice(Sql sql, Noticed noticed) throws SQLException {
        long now = noticed.at().toEpochMilli();
        String receiver = "!" + noticed.kind() + " " + noticed.receiver();
        sql.update(
                "INSERT OR IGNORE INTO lane (source, receiver, group_key, group_labels, incident, opened, closed, seq,"
                        + " canon, accepted, repeats, channels, inbox)"
                        + " VALUES ('notice', ?, '', '', '', ?, ?, -1, '', ?, 0, '', 0)",
                receiver,
                now,
                now,
                now);
        sql.update("UPDATE lane SET seq = seq + 1, accepted = ? WHERE receiver = ? AND group_key = ''", now, receiver);
        State state = sql.first(
                "SELECT id, opened, seq FROM lane WHERE receiver = ? AND group_key = ''",
                row -> new State(row.getLong(1), incident(row.getLong(1), row.getLong(2)), row.getInt(3), 0),
                receiver);
        if (state == null) {
            throw new SQLException("the lane of " + receiver + " is not there");
        }
        long inbox = sql.insert(
                "INSERT INTO inbox (received, source, format, verdict, receiver, lane, incident, seq, repeats, headline,"
                        + " detail, raw) VALUES (?, 'notice', ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
                now,
                InboxRow.NOTICE,
                noticed.kind(),
                noticed.receiver(),
                state.lane(),
                state.incident(),
                state.seq(),
                noticed.title(),
                noticed.text(),
                noticed.raw().bytes());
        Trail.add(sql, now, inbox, "", "received", "", noticed.text());
        queue(sql, noticed.channels(), state.lane(), inbox, now);
        Verdict verdict = noticed.kind().equals("unparsable") ? Verdict.UNPARSABLE : Verdict.ACCEPTED;
        return new Taken(verdict, inbox, state.lane(), noticed.channels());
    }

    private static void queue(Sql sql, List<String> channels, long lane, long inbox, long now) throws SQLException {
        for (String channel : channels) {
            sql.update(
                    "INSERT INTO delivery (channel, lane, inbox, replay, state, attempt, unsure, due, created, code)"
                            + " VALUES (?, ?, ?, 0, 'queued', 0, 0, ?, ?, '')",
                    channel,
                    lane,
                    inbox,
                    now,
                    now);
            Trail.add(sql, now, inbox, channel, "queued", "", "");
        }
    }
}
