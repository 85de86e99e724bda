package io.emberwatch.bridge.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What people did about incidents, used-up tokens, and how far topics were read; in the writer's transaction. */
final class Deeds {
    static final String HANDLING = "incident, version, state, who, at, silence, source, until, reminded";

    private static final int MAX_TEXT = 1000;

    private Deeds() {}

    static boolean put(Sql sql, Handling handling) throws SQLException {
        Instant until = handling.until();
        return sql.update(
                        "INSERT OR REPLACE INTO handling (" + HANDLING + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        handling.incident(),
                        handling.version(),
                        handling.state().name().toLowerCase(Locale.ROOT),
                        handling.who(),
                        handling.at().toEpochMilli(),
                        handling.silence(),
                        handling.source(),
                        until == null ? 0 : until.toEpochMilli(),
                        handling.reminded() ? 1 : 0)
                > 0;
    }

    static Handling read(ResultSet row) throws SQLException {
        long until = row.getLong(8);
        return new Handling(
                row.getString(1),
                row.getInt(2),
                Handling.State.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getString(6),
                row.getString(7),
                until == 0 ? null : Instant.ofEpochMilli(until),
                row.getBoolean(9));
    }

    static boolean use(Sql sql, String token, Instant expires) throws SQLException {
        return sql.update(
                        "INSERT OR IGNORE INTO used_token (token, expires) VALUES (?, ?)",
                        token,
                        expires.toEpochMilli())
                > 0;
    }

    static long audit(Sql sql, Deed deed) throws SQLException {
        return sql.insert(
                "INSERT INTO audit (at, who, via, action, incident, result, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
                deed.at().toEpochMilli(),
                cut(deed.who()),
                deed.via(),
                deed.action(),
                deed.incident(),
                cut(deed.result()),
                cut(deed.detail()));
    }

    private static String cut(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }

    private record Read(long next, long newest) {}

    /** Goes on to behind a place; false when it was read before. */
    static boolean advance(Sql sql, TopicPlace place) throws SQLException {
        @Nullable
        Read read = sql.first(
                "SELECT next, newest FROM topic_offset WHERE topic = ? AND part = ?",
                row -> new Read(row.getLong(1), row.getLong(2)),
                place.topic(),
                place.partition());
        if (read != null && place.offset() < read.next() && place.timestamp() <= read.newest()) {
            return false;
        }
        sql.update(
                "INSERT OR REPLACE INTO topic_offset (topic, part, next, newest) VALUES (?, ?, ?, ?)",
                place.topic(),
                place.partition(),
                place.offset() + 1,
                Math.max(place.timestamp(), read == null ? 0 : read.newest()));
        return true;
    }
}
