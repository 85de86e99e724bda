package io.emberwatch.bridge.outbox;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people decide about messages that were given up, in the writer's transaction and with its audit. */
final class DeadLetters {
    private record Letter(long delivery, String channel, String target, long inbox, String incident) {}

    private DeadLetters() {}

    private static @Nullable Letter find(Sql sql, long letter) throws SQLException {
        return sql.first(
                "SELECT l.delivery, l.channel, l.target, l.inbox, IFNULL(i.incident, '') FROM dead_letter l"
                        + " LEFT JOIN inbox i ON i.id = l.inbox WHERE l.id = ? AND l.replayed IS NULL",
                row -> new Letter(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4), row.getString(5)),
                letter);
    }

    /**
     * Queues a dead letter again, as it was.
     *
     * @return its channel and lane, or null when there is no such letter or it was sent again already
     */
    static Outbox.@Nullable Waiting replay(Sql sql, long letter, Outbox.Asker asker, long now) throws SQLException {
        Letter found = find(sql, letter);
        if (found == null) {
            return null;
        }
        List<Long> states = sql.list(
                "SELECT inbox FROM delivery WHERE batch = ? AND channel = ? ORDER BY id",
                row -> row.getLong(1),
                found.delivery(),
                found.channel());
        if (states.isEmpty()) {
            return null;
        }
        String progress = found.target().isEmpty() ? null : found.target();
        Instant at = Instant.ofEpochMilli(now);
        sql.update("UPDATE dead_letter SET replayed = ? WHERE id = ?", now, letter);
        decided(sql, found, "replayed");
        Trail.add(sql, now, found.inbox(), found.channel(), "replayed", "", found.target());
        Deeds.audit(sql, deed(found, letter, asker, "replay", at));
        return Leasing.enqueue(sql, states, new Leasing.Copy(found.channel(), 1, 0, progress), at, Instant.EPOCH);
    }

    /** Takes a dead letter from the list for good; what it was about stays in the history, and so does that. */
    static boolean discard(Sql sql, long letter, Outbox.Asker asker, long now) throws SQLException {
        Letter found = find(sql, letter);
        if (found == null) {
            return false;
        }
        sql.update("DELETE FROM dead_letter WHERE id = ?", letter);
        decided(sql, found, "discarded");
        Trail.add(sql, now, found.inbox(), found.channel(), "discarded", "", found.target());
        Deeds.audit(sql, deed(found, letter, asker, "discard", Instant.ofEpochMilli(now)));
        return true;
    }

    // A message that nobody got is given up no longer; one that some got counts as delivered already.
    private static void decided(Sql sql, Letter letter, String state) throws SQLException {
        sql.update(
                "UPDATE delivery SET state = ? WHERE batch = ? AND channel = ? AND state = 'dead'",
                state,
                letter.delivery(),
                letter.channel());
    }

    private static Deed deed(Letter letter, long id, Outbox.Asker asker, String action, Instant at) {
        String whom = letter.target().isEmpty() ? "" : " to " + letter.target().replace('\n', ' ');
        return new Deed(
                at,
                asker.who(),
                asker.via(),
                action,
                letter.incident(),
                "done",
                "dead letter " + id + " of " + letter.channel() + whom);
    }
}
