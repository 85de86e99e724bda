package io.emberwatch.bridge.outbox;

import java.sql.SQLException;
import java.util.List;

/** Forgets what nobody needs any more, some at a time so that no commit takes long. */
final class Pruning {
    static final int CHUNK = 500;

    // Neither waiting, nor behind a dead letter that may be sent again, nor needed to go on with a group of the rule
    // engine after a restart.
    private static final String DONE =
            " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.inbox = i.id AND d.done IS NULL)"
                    + " AND NOT EXISTS (SELECT 1 FROM delivery d JOIN dead_letter l ON l.delivery = d.batch"
                    + " WHERE d.inbox = i.id AND l.replayed IS NULL)"
                    + " AND NOT EXISTS (SELECT 1 FROM lane n WHERE n.id = i.lane AND n.inbox = i.id AND n.closed IS NULL"
                    + " AND n.source = 'direct')";

    private Pruning() {}

    static int old(Sql sql, long cutoff, long deadCutoff) throws SQLException {
        sql.update("DELETE FROM dead_letter WHERE at < ?", deadCutoff);
        sql.update("DELETE FROM used_token WHERE expires < ?", cutoff);
        sql.update("DELETE FROM audit WHERE at < ?", deadCutoff);
        int gone = forget(
                sql,
                sql.list(
                        "SELECT id FROM inbox i WHERE received < ?" + DONE + " ORDER BY id LIMIT " + CHUNK,
                        row -> row.getLong(1),
                        cutoff));
        sql.update(
                "DELETE FROM lane WHERE closed < ? AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.lane = lane.id)",
                cutoff);
        // A group that was not heard of for so long has lost its route, or its sender.
        sql.update(
                "DELETE FROM lane WHERE accepted < ? AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.id = lane.inbox)",
                deadCutoff);
        return gone;
    }

    /** The oldest of what was delivered: of incidents that are over while there are such, then of others. */
    static int oldestDelivered(Sql sql) throws SQLException {
        List<Long> over = delivered(
                sql,
                " AND NOT EXISTS (SELECT 1 FROM lane o WHERE o.id = i.lane AND o.incident = i.incident"
                        + " AND o.closed IS NULL)");
        return forget(sql, over.isEmpty() ? delivered(sql, "") : over);
    }

    /**
     * Groups of which nothing is kept but that they are there: those that are over first, then those that were not heard of
     * for longest. What a forgotten group tells next begins a new incident.
     */
    static int quietestGroups(Sql sql) throws SQLException {
        List<Long> groups = sql.list(
                "SELECT id FROM lane l WHERE source NOT IN ('notice', 'digest')"
                        + " AND NOT (source = 'direct' AND closed IS NULL)"
                        + " AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.incident = l.incident)"
                        + " ORDER BY closed IS NULL, accepted LIMIT " + CHUNK,
                row -> row.getLong(1));
        for (long group : groups) {
            for (String table : List.of("thread", "handling", "digested")) {
                sql.update(
                        "DELETE FROM " + table + " WHERE incident = (SELECT incident FROM lane WHERE id = ?)", group);
            }
            sql.update("DELETE FROM lane WHERE id = ?", group);
        }
        return groups.size();
    }

    private static List<Long> delivered(Sql sql, String which) throws SQLException {
        return sql.list(
                "SELECT id FROM inbox i WHERE 1 = 1" + which + DONE + " ORDER BY id LIMIT " + CHUNK,
                row -> row.getLong(1));
    }

    private static int forget(Sql sql, List<Long> inbox) throws SQLException {
        for (long id : inbox) {
            sql.update(
                    "DELETE FROM thread WHERE incident = (SELECT incident FROM inbox WHERE id = ?) AND NOT EXISTS"
                            + " (SELECT 1 FROM lane WHERE lane.incident = thread.incident AND closed IS NULL)",
                    id);
            sql.update(
                    "DELETE FROM handling WHERE incident = (SELECT incident FROM inbox WHERE id = ?) AND NOT EXISTS"
                            + " (SELECT 1 FROM lane WHERE lane.incident = handling.incident AND closed IS NULL)",
                    id);
            sql.update("DELETE FROM digested WHERE incident = (SELECT incident FROM inbox WHERE id = ?)", id);
            sql.update("DELETE FROM delivery WHERE inbox = ?", id);
            sql.update("DELETE FROM dead_letter WHERE inbox = ?", id);
            sql.update("DELETE FROM trail WHERE inbox = ?", id);
            sql.update("DELETE FROM inbox WHERE id = ?", id);
        }
        return inbox.size();
    }
}
