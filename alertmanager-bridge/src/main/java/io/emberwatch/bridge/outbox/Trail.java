package io.emberwatch.bridge.outbox;

import java.sql.SQLException;

/** What happened to a notification, in order: rows that are only ever added, with ascending numbers. */
final class Trail {
    private static final int MAX_DETAIL = 500;

    private Trail() {}

    /** @param channel the channel concerned, or the empty string */
    static void add(Sql sql, long at, long inbox, String channel, String event, String code, String detail)
            throws SQLException {
        sql.update(
                "INSERT INTO trail (at, inbox, channel, event, code, detail) VALUES (?, ?, ?, ?, ?, ?)",
                at,
                inbox,
                channel,
                event,
                code,
                detail.length() > MAX_DETAIL ? detail.substring(0, MAX_DETAIL) : detail);
    }

    /** The same, unless the notification was forgotten. */
    static void addIfKept(Sql sql, long at, long inbox, String event, String detail) throws SQLException {
        if (sql.number("SELECT COUNT(*) FROM inbox WHERE id = ?", inbox) > 0) {
            add(sql, at, inbox, "", event, "", detail);
        }
    }
}
