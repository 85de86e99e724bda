package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Payload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the outbox, beside the writer. Every method fails with {@link OutboxException} when the file cannot be read. */
public final class Archive implements AutoCloseable {
    // A query costs more than the row that it finds, so that many are asked for by one.
    private static final int AT_ONCE = 32;

    private final Database database;
    private @Nullable Sql connection;
    private boolean closed;

    Archive(Database database) {
        this.database = database;
    }

    /** How many states wait for a channel, and since when the oldest. */
    public record Backlog(long depth, @Nullable Instant oldest) {}

    /** The last received state of a group that still fires. */
    public record OpenGroup(String receiver, String groupKey, Payload raw) {}

    /**
     * A message that was given up.
     *
     * @param target the one who did not get it; empty when nobody did
     * @param replayed when it was queued again, if it was
     */
    public record DeadLetter(
            long id,
            Instant at,
            String channel,
            String target,
            String code,
            String reason,
            String headline,
            @Nullable Instant replayed) {}

    /** One thing that happened to a notification; {@code channel} is empty when it concerns none. */
    public record Event(long id, Instant at, String channel, String event, String code, String detail) {}

    /** Where one channel is with a notification. */
    public record Progress(String channel, String state, int attempt, Instant due, String code) {}

    /** A message of a notification that was given up and that nobody has decided about. */
    public record GivenUp(long letter, String channel, String target) {}

    /** A notification, and what happened to it. */
    public record Entry(
            InboxRow row,
            String source,
            String verdict,
            List<Progress> deliveries,
            List<Event> trail,
            List<GivenUp> givenUp) {}

    @FunctionalInterface
    interface Query<T extends @Nullable Object> {
        T run(Sql sql) throws SQLException;
    }

    synchronized <T extends @Nullable Object> T read(Query<T> query) throws OutboxException {
        if (closed) {
            throw new OutboxException("the bridge is stopping", null);
        }
        try {
            Sql sql = connection;
            if (sql == null) {
                sql = database.openReader();
                connection = sql;
            }
            return query.run(sql);
        } catch (SQLException e) {
            disconnect();
            throw new OutboxException(Database.explain(e), e);
        }
    }

    private void disconnect() {
        Sql sql = connection;
        connection = null;
        if (sql != null) {
            try {
                sql.close();
            } catch (SQLException e) {
                return; // it is of no use any more either way
            }
        }
    }

    /** One received thing, or null when it was forgotten. */
    public @Nullable InboxRow row(long inbox) throws OutboxException {
        return read(sql -> sql.first("SELECT " + ROW + " FROM inbox WHERE id = ?", Archive::row, inbox));
    }

    /** What a dead letter was received as, or null when there is none of that number. */
    public @Nullable InboxRow letterRow(long letter) throws OutboxException {
        return read(sql -> sql.first(
                "SELECT " + ROW + " FROM inbox WHERE id = (SELECT inbox FROM dead_letter WHERE id = ?)",
                Archive::row,
                letter));
    }

    /** Those of these that were not forgotten, in this order. */
    public List<InboxRow> rows(List<Long> inbox) throws OutboxException {
        List<InboxRow> rows = new ArrayList<>(inbox.size());
        int from = 0;
        while (inbox.size() - from >= AT_ONCE) {
            Object[] numbers = inbox.subList(from, from + AT_ONCE).toArray();
            Map<Long, InboxRow> found = new HashMap<>();
            read(sql -> sql.list(ROWS, Archive::row, numbers)).forEach(row -> found.put(row.id(), row));
            inbox.subList(from, from + AT_ONCE).stream()
                    .map(found::get)
                    .filter(Objects::nonNull)
                    .forEach(rows::add);
            from += AT_ONCE;
        }
        for (long number : inbox.subList(from, inbox.size())) {
            InboxRow row = row(number);
            if (row != null) {
                rows.add(row);
            }
        }
        return rows;
    }

    static final String ROW = "id, received, format, receiver, incident, seq, repeats, headline, detail, raw";
    private static final String ROWS = "SELECT " + ROW + " FROM inbox WHERE id IN (" + "?, ".repeat(AT_ONCE - 1) + "?)";

    static InboxRow row(ResultSet row) throws SQLException {
        return new InboxRow(
                row.getLong(1),
                Instant.ofEpochMilli(row.getLong(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                row.getInt(7),
                row.getString(8),
                row.getString(9),
                Payload.of(row.getBytes(10)));
    }

    /** The groups that have something to deliver over a channel, those that may go first in front. */
    public List<Outbox.Waiting> waiting(String channel, int limit) throws OutboxException {
        return read(sql -> sql.list(
                "SELECT lane, MIN(id), due FROM delivery WHERE channel = ? AND done IS NULL AND state = 'queued'"
                        + " GROUP BY lane ORDER BY due LIMIT ?",
                row -> new Outbox.Waiting(channel, row.getLong(1), Instant.ofEpochMilli(row.getLong(3))),
                channel,
                limit));
    }

    /** What waits, by channel; channels that have nothing are left out. */
    public Map<String, Backlog> backlog() throws OutboxException {
        return read(sql -> {
            Map<String, Backlog> backlog = new LinkedHashMap<>();
            sql.list(
                    "SELECT channel, COUNT(*), MIN(created) FROM delivery WHERE done IS NULL GROUP BY channel",
                    row -> backlog.put(
                            row.getString(1), new Backlog(row.getLong(2), Instant.ofEpochMilli(row.getLong(3)))));
            return backlog;
        });
    }

    public long openIncidents() throws OutboxException {
        return read(sql -> sql.number("SELECT COUNT(*) FROM lane WHERE closed IS NULL"));
    }

    /** The groups from a source that still fire. */
    public List<OpenGroup> openGroups(String source) throws OutboxException {
        return read(sql -> sql.list(
                "SELECT l.receiver, l.group_key, i.raw FROM lane l JOIN inbox i ON i.id = l.inbox"
                        + " WHERE l.source = ? AND l.closed IS NULL ORDER BY l.id",
                row -> new OpenGroup(row.getString(1), row.getString(2), Payload.of(row.getBytes(3))),
                source));
    }

    /** Since when the oldest dead letter waits for somebody to do something about it; null when there is none. */
    public @Nullable Instant oldestDeadLetter() throws OutboxException {
        return read(sql -> sql.first(
                "SELECT at FROM dead_letter WHERE replayed IS NULL ORDER BY id LIMIT 1",
                row -> Instant.ofEpochMilli(row.getLong(1))));
    }

    /** Dead letters, the newest first; those that were sent again too when {@code all}. */
    public List<DeadLetter> deadLetters(boolean all, int limit) throws OutboxException {
        return read(sql -> sql.list(
                "SELECT l.id, l.at, l.channel, l.target, l.code, l.reason, i.headline, l.replayed FROM dead_letter l"
                        + " LEFT JOIN inbox i ON i.id = l.inbox WHERE l.replayed IS NULL OR ? ORDER BY l.id DESC LIMIT ?",
                row -> new DeadLetter(
                        row.getLong(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7) == null ? "" : row.getString(7),
                        row.getObject(8) == null ? null : Instant.ofEpochMilli(row.getLong(8))),
                all ? 1 : 0,
                limit));
    }

    /** What was received, the newest first, older than the one of the given number. */
    public List<Entry> entries(long before, int limit) throws OutboxException {
        return read(sql -> {
            List<Entry> bare = sql.list(
                    "SELECT id, received, format, receiver, incident, seq, repeats, headline, detail, x'', source,"
                            + " verdict FROM inbox WHERE id < ? ORDER BY id DESC LIMIT ?",
                    row -> new Entry(row(row), row.getString(11), row.getString(12), List.of(), List.of(), List.of()),
                    before,
                    limit);
            List<Entry> entries = new ArrayList<>(bare.size());
            for (Entry entry : bare) {
                long id = entry.row().id();
                entries.add(new Entry(
                        entry.row(),
                        entry.source(),
                        entry.verdict(),
                        deliveries(sql, id),
                        trail(sql, id),
                        givenUp(sql, id)));
            }
            return entries;
        });
    }

    private static List<Progress> deliveries(Sql sql, long inbox) throws SQLException {
        return sql.list(
                "SELECT channel, state, attempt, due, code FROM delivery WHERE inbox = ? ORDER BY id",
                row -> new Progress(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        Instant.ofEpochMilli(row.getLong(4)),
                        row.getString(5)),
                inbox);
    }

    private static List<Event> trail(Sql sql, long inbox) throws SQLException {
        return sql.list(
                "SELECT id, at, channel, event, code, detail FROM trail WHERE inbox = ? ORDER BY id LIMIT 1000",
                row -> new Event(
                        row.getLong(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6)),
                inbox);
    }

    private static List<GivenUp> givenUp(Sql sql, long inbox) throws SQLException {
        return sql.list(
                "SELECT id, channel, target FROM dead_letter WHERE inbox = ? AND replayed IS NULL ORDER BY id LIMIT 100",
                row -> new GivenUp(row.getLong(1), row.getString(2), row.getString(3)),
                inbox);
    }

    @Override
    public synchronized void close() {
        closed = true;
        disconnect();
    }
}
