package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is known of incidents, and what people did about them. */
public final class Incidents {
    private static final int MAX_OPEN = 20_000;
    private static final String INCIDENT =
            "l.incident, l.source, l.receiver, l.group_key, l.opened, l.closed IS NOT NULL, l.channels, l.severity,"
                    + " l.flaps, l.escalated, l.canon, l.accepted FROM lane l";

    private final Archive archive;
    private final int flapChanges;

    /** @param flapChanges how many returns make an incident flap; 0 for none */
    Incidents(Archive archive, int flapChanges) {
        this.archive = archive;
        this.flapChanges = flapChanges;
    }

    /**
     * An episode of an alert group.
     *
     * @param channels who was told that it began
     * @param severity the worst of its alerts
     * @param flaps how often it has returned
     * @param firing the fingerprints of the alerts that fired when it was last heard of
     * @param heard when that was
     */
    public record Incident(
            String id,
            String source,
            String receiver,
            String groupKey,
            Instant opened,
            boolean closed,
            List<String> channels,
            Severity severity,
            int flaps,
            boolean escalated,
            Set<String> firing,
            Instant heard) {
        public Incident {
            channels = List.copyOf(channels);
            firing = Set.copyOf(firing);
        }
    }

    private static Incident incident(ResultSet row) throws SQLException {
        String channels = row.getString(7);
        Set<String> firing = new HashSet<>();
        for (String line : row.getString(11).split("\n", -1)) {
            String[] parts = line.split(" ", -1);
            if (parts.length == 3 && parts[1].equals("f")) {
                firing.add(parts[0]);
            }
        }
        return new Incident(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getBoolean(6),
                channels.isEmpty() ? List.of() : List.of(channels.split("\n", -1)),
                Severity.of(row.getString(8)),
                row.getInt(9),
                row.getBoolean(10),
                firing,
                Instant.ofEpochMilli(row.getLong(12)));
    }

    /** The last episode of its group, or null when there has been another since, or none. */
    public @Nullable Incident find(String id) throws OutboxException {
        return archive.read(sql -> sql.first("SELECT " + INCIDENT + " WHERE l.incident = ?", Incidents::incident, id));
    }

    /** The incidents that are not over, the oldest first. */
    public List<Incident> open() throws OutboxException {
        return archive.read(sql -> sql.list(
                "SELECT " + INCIDENT + " WHERE l.closed IS NULL AND l.incident != '' ORDER BY l.opened LIMIT "
                        + MAX_OPEN,
                Incidents::incident));
    }

    /** The last state of an incident that was received. */
    public @Nullable InboxRow lastState(String incident) throws OutboxException {
        return archive.read(sql -> sql.first(
                "SELECT " + Archive.ROW + " FROM inbox WHERE incident = ? AND format = '" + InboxRow.ALERTS
                        + "' ORDER BY id DESC LIMIT 1",
                Archive::row,
                incident));
    }

    /** The states of alert groups that were received since then, the oldest first. */
    public List<InboxRow> statesSince(Instant since, int limit) throws OutboxException {
        return archive.read(sql -> sql.list(
                "SELECT " + Archive.ROW + " FROM inbox WHERE received >= ? AND format = '" + InboxRow.ALERTS
                        + "' ORDER BY id LIMIT ?",
                Archive::row,
                since.toEpochMilli(),
                limit));
    }

    /** What the channel said when it last delivered something of the incident. */
    public @Nullable String reference(String channel, String incident) throws OutboxException {
        return archive.read(sql -> sql.first(
                "SELECT reference FROM thread WHERE channel = ? AND incident = ?",
                row -> row.getString(1),
                channel,
                incident));
    }

    /** How people have dealt with an incident so far. */
    public Handling handling(String incident) throws OutboxException {
        Handling known = archive.read(sql ->
                sql.first("SELECT " + Deeds.HANDLING + " FROM handling WHERE incident = ?", Deeds::read, incident));
        return known == null ? Handling.none(incident) : known;
    }

    /** How an incident stands. */
    public record Standing(Handling handling, boolean closed, int flaps) {}

    /** How an incident stands: {@code flaps} is 0 until it counts as flapping. */
    public Standing standing(String incident) throws OutboxException {
        Incident known = find(incident);
        int flaps = known == null || flapChanges == 0 || known.flaps() < flapChanges ? 0 : known.flaps();
        return new Standing(handling(incident), known == null || known.closed(), flaps);
    }

    /** All that was done about incidents that are not over, by incident. */
    public Map<String, Handling> handled() throws OutboxException {
        Map<String, Handling> handled = new HashMap<>();
        archive.read(sql -> sql.list("SELECT " + Deeds.HANDLING + " FROM handling WHERE state != 'open'", Deeds::read))
                .forEach(handling -> handled.put(handling.incident(), handling));
        return handled;
    }

    /** What people did, the newest first. */
    public List<Deed> deeds(int limit) throws OutboxException {
        return archive.read(sql -> sql.list(
                "SELECT at, who, via, action, incident, result, detail FROM audit ORDER BY id DESC LIMIT ?",
                row -> new Deed(
                        Instant.ofEpochMilli(row.getLong(1)),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7)),
                limit));
    }

    /** When something was last marked by that name, or null. */
    public @Nullable Instant mark(String name) throws OutboxException {
        return archive.read(sql ->
                sql.first("SELECT at FROM mark WHERE name = ?", row -> Instant.ofEpochMilli(row.getLong(1)), name));
    }

    /**
     * An event of a notification's trail, for the live feed.
     *
     * @param state how many of its alerts fire, and how bad that is
     */
    public record FeedEvent(
            long id,
            Instant at,
            long notification,
            String channel,
            String event,
            String code,
            String detail,
            String headline,
            String incident,
            String state) {}

    /** What has happened since the event of that number, the oldest first. */
    public List<FeedEvent> trailAfter(long event, int limit) throws OutboxException {
        return archive.read(sql -> sql.list(
                "SELECT t.id, t.at, t.inbox, t.channel, t.event, t.code, t.detail, IFNULL(i.headline, ''),"
                        + " IFNULL(i.incident, ''), IFNULL(i.detail, '') FROM trail t LEFT JOIN inbox i ON i.id = t.inbox"
                        + " WHERE t.id > ? ORDER BY t.id LIMIT ?",
                row -> new FeedEvent(
                        row.getLong(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        row.getLong(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getString(10)),
                event,
                limit));
    }

    /** The number of the newest event. */
    public long newestEvent() throws OutboxException {
        return archive.read(sql -> sql.number("SELECT IFNULL(MAX(id), 0) FROM trail"));
    }
}
