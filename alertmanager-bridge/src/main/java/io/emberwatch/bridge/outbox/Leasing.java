package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.channel.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Takes queued deliveries out and puts down what became of them, in the writer's transaction. */
final class Leasing {
    /** How many states one message may tell of. */
    static final int MAX_STATES = 1000;

    private static final String PENDING = " FROM delivery WHERE channel = ? AND lane = ? AND done IS NULL";
    private static final String IN_LEASE = PENDING.substring(" FROM delivery".length()) + " AND id BETWEEN ? AND ?";

    private Leasing() {}

    private record Queued(
            long id,
            long inbox,
            boolean replay,
            int attempt,
            boolean unsure,
            long created,
            long batch,
            @Nullable String progress,
            String incident,
            boolean begun) {
        static Queued read(ResultSet row) throws SQLException {
            return new Queued(
                    row.getLong(1),
                    row.getLong(2),
                    row.getBoolean(3),
                    row.getInt(4),
                    row.getBoolean(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getString(8),
                    row.getString(9),
                    row.getBoolean(10));
        }

        // The end of an incident that people have seen begin is told in its own place, not in that of the next.
        boolean joins(Queued first, boolean digest) {
            return batch == first.batch
                    && replay == first.replay
                    && (digest
                            || first.incident.equals(incident)
                            || (!first.begun && (!first.unsure || wasTriedWith(first))));
        }

        // What may have arrived is told again as it was, so that it can be recognised.
        private boolean wasTriedWith(Queued first) {
            return unsure && attempt == first.attempt;
        }
    }

    /** The oldest states of a group that wait for a channel and can be told together, or null when none waits. */
    static @Nullable Lease lease(Sql sql, String channel, long lane) throws SQLException {
        List<Queued> queued = sql.list(
                "SELECT d.id, d.inbox, d.replay, d.attempt, d.unsure, d.created, IFNULL(d.batch, 0), d.progress,"
                        + " IFNULL(i.incident, ''), t.reference IS NOT NULL FROM delivery d"
                        + " LEFT JOIN inbox i ON i.id = d.inbox"
                        + " LEFT JOIN thread t ON t.incident = i.incident AND t.channel = d.channel"
                        + " WHERE d.channel = ? AND d.lane = ? AND d.done IS NULL AND d.state = 'queued'"
                        + " ORDER BY d.id LIMIT " + MAX_STATES,
                Queued::read,
                channel,
                lane);
        if (queued.isEmpty()) {
            return null;
        }
        Queued first = queued.get(0);
        boolean digest = sql.number("SELECT COUNT(*) FROM lane WHERE id = ? AND source = 'digest'", lane) > 0;
        List<Long> inbox = new ArrayList<>();
        List<Instant> created = new ArrayList<>();
        Queued last = first;
        boolean unsure = false;
        for (Queued next : queued) {
            if (!next.joins(first, digest)) {
                break;
            }
            inbox.add(next.inbox());
            created.add(Instant.ofEpochMilli(next.created()));
            unsure |= next.unsure();
            last = next;
        }
        sql.update(
                "UPDATE delivery SET state = 'leased', attempt = ?" + IN_LEASE,
                first.attempt() + 1,
                channel,
                lane,
                first.id(),
                last.id());
        String reference = digest
                ? null
                : sql.first(
                        "SELECT reference FROM thread WHERE channel = ? AND incident = (SELECT incident FROM inbox WHERE id = ?)",
                        row -> row.getString(1),
                        channel,
                        last.inbox());
        return new Lease(
                channel,
                lane,
                first.id(),
                last.id(),
                inbox,
                created,
                first.attempt() + 1,
                new Lease.Past(unsure, first.replay(), first.progress(), reference, digest));
    }

    /** Puts down an outcome; the answer is a group of their own for those who are to get the message later. */
    static Outbox.@Nullable Waiting settle(Sql sql, Lease lease, Outcome outcome, Instant now, Instant due)
            throws SQLException {
        long at = now.toEpochMilli();
        if (outcome instanceof Outcome.Delivered delivered) {
            finish(sql, lease, "delivered", outcome.code(), at);
            if (delivered.reference() != null && !lease.past().digest()) {
                sql.update(
                        "INSERT OR REPLACE INTO thread (channel, incident, reference)"
                                + " SELECT ?, incident, ? FROM inbox WHERE id = ?",
                        lease.channel(),
                        delivered.reference(),
                        lease.newest());
            }
            trail(sql, lease, at, "delivered", outcome.code(), lease.inbox().size() > 1 ? "with older states" : "");
            for (Outcome.Refusal refusal : delivered.refusals()) {
                letter(sql, lease, refusal, at);
                trail(sql, lease, at, "refused", refusal.code(), refusal.target() + ": " + refusal.reason());
            }
            if (delivered.rest() != null) {
                trail(sql, lease, at, "deferred", "", delivered.rest());
                return follow(sql, lease, delivered.rest(), now, due);
            }
        } else if (outcome instanceof Outcome.Rejected rejected) {
            finish(sql, lease, "dead", outcome.code(), at);
            String undone = lease.past().progress();
            letter(
                    sql,
                    lease,
                    new Outcome.Refusal(undone == null ? "" : undone, rejected.code(), rejected.reason()),
                    at);
            trail(sql, lease, at, "dead", outcome.code(), rejected.reason());
        } else if (outcome instanceof Outcome.Retry retry) {
            requeue(
                    sql,
                    lease,
                    new Again(
                            lease.attempt(),
                            lease.past().unsure() || retry.unsure(),
                            retry.progress(),
                            due.toEpochMilli(),
                            outcome.code()));
            trail(sql, lease, at, retry.unsure() ? "unsure" : "retry", outcome.code(), retry.reason());
        }
        return null;
    }

    /**
     * Puts down that a part was delivered, and keeps the lease for the rest. However many states there are, one row is
     * written, but for the first part, which makes them one message for good.
     */
    static Lease progress(Sql sql, Lease lease, Outcome.Progressed outcome, Instant now) throws SQLException {
        if (lease.past().progress() == null) {
            sql.update(
                    "UPDATE delivery SET batch = ?" + IN_LEASE,
                    lease.batch(),
                    lease.channel(),
                    lease.lane(),
                    lease.first(),
                    lease.batch());
        }
        sql.update(
                "UPDATE delivery SET progress = ?, code = ? WHERE id = ?",
                outcome.progress(),
                outcome.code(),
                lease.first());
        trail(sql, lease, now.toEpochMilli(), "progressed", outcome.code(), outcome.progress());
        return lease.after(outcome.progress());
    }

    /** Queues again what was leased and is not being delivered. */
    static int giveBack(Sql sql, Lease lease) throws SQLException {
        // The attempt that a lease begins has not been made.
        return sql.update(
                "UPDATE delivery SET state = 'queued', attempt = ?" + IN_LEASE + " AND state = 'leased'",
                lease.attempt() - 1,
                lease.channel(),
                lease.lane(),
                lease.first(),
                lease.batch());
    }

    // In a lane of its own, so that one slow mailbox does not keep the next state from the others.
    private static Outbox.Waiting follow(Sql sql, Lease lease, String rest, Instant now, Instant due)
            throws SQLException {
        return enqueue(sql, lease.inbox(), new Copy(lease.channel(), 0, lease.attempt(), rest), now, due);
    }

    record Copy(
            String channel,
            int replay,
            int attempt,
            @Nullable String progress) {}

    static Outbox.Waiting enqueue(Sql sql, List<Long> states, Copy copy, Instant now, Instant due) throws SQLException {
        long first = 0;
        for (long inbox : states) {
            long id = sql.insert(
                    "INSERT INTO delivery (channel, lane, inbox, replay, state, attempt, unsure, due, created, batch,"
                            + " progress, code) VALUES (?, ?, ?, ?, 'queued', ?, 0, ?, ?, ?, ?, '')",
                    copy.channel(),
                    -first,
                    inbox,
                    copy.replay(),
                    copy.attempt(),
                    due.toEpochMilli(),
                    now.toEpochMilli(),
                    first,
                    copy.progress());
            if (first == 0) {
                first = id;
                sql.update("UPDATE delivery SET batch = ?, lane = ? WHERE id = ?", id, -id, id);
            }
        }
        return new Outbox.Waiting(copy.channel(), -first, due);
    }

    private static void finish(Sql sql, Lease lease, String state, String code, long at) throws SQLException {
        sql.update(
                "UPDATE delivery SET state = ?, code = ?, batch = ?, done = ?" + IN_LEASE,
                state,
                code,
                lease.batch(),
                at,
                lease.channel(),
                lease.lane(),
                lease.first(),
                lease.batch());
        if (lease.inbox().size() > 1) {
            sql.update(
                    "INSERT INTO trail (at, inbox, channel, event, code, detail)"
                            + " SELECT ?, inbox, channel, 'coalesced', ?, ? FROM delivery"
                            + " WHERE batch = ? AND channel = ? AND lane = ? AND id < ? ORDER BY id",
                    at,
                    code,
                    state + " with a newer state",
                    lease.batch(),
                    lease.channel(),
                    lease.lane(),
                    lease.batch());
        }
    }

    private record Again(
            int attempt, boolean unsure, @Nullable String progress, long due, String code) {}

    private static void requeue(Sql sql, Lease lease, Again again) throws SQLException {
        boolean frozen = again.progress() != null || lease.lane() < 0;
        sql.update(
                "UPDATE delivery SET state = 'queued', attempt = ?, unsure = ?, progress = ?, due = ?, code = ?, batch = ?"
                        + IN_LEASE,
                again.attempt(),
                again.unsure() ? 1 : 0,
                again.progress(),
                again.due(),
                again.code(),
                frozen ? lease.batch() : null,
                lease.channel(),
                lease.lane(),
                lease.first(),
                lease.batch());
    }

    private static void letter(Sql sql, Lease lease, Outcome.Refusal refusal, long at) throws SQLException {
        sql.update(
                "INSERT INTO dead_letter (at, delivery, inbox, channel, target, code, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                at,
                lease.batch(),
                lease.newest(),
                lease.channel(),
                refusal.target(),
                refusal.code(),
                refusal.reason());
    }

    private static void trail(Sql sql, Lease lease, long at, String event, String code, String detail)
            throws SQLException {
        Trail.add(sql, at, lease.newest(), lease.channel(), event, code, detail);
    }

    /** Gives up whatever waits for channels other than these. */
    static Map<String, Integer> retire(Sql sql, List<String> channels, Instant now) throws SQLException {
        record Group(String channel, long lane) {}
        Map<String, Integer> retired = new TreeMap<>();
        List<Group> groups = sql.list(
                "SELECT DISTINCT channel, lane FROM delivery WHERE done IS NULL AND state = 'queued'",
                row -> new Group(row.getString(1), row.getLong(2)));
        for (Group group : groups) {
            if (!channels.contains(group.channel())) {
                Lease lease = lease(sql, group.channel(), group.lane());
                while (lease != null) {
                    settle(sql, lease, new Outcome.Rejected("gone", "there is no such channel any more"), now, now);
                    retired.merge(group.channel(), 1, Integer::sum);
                    lease = lease(sql, group.channel(), group.lane());
                }
            }
        }
        return retired;
    }

    /** When the group's oldest waiting state may go, or null when none waits. */
    static @Nullable Instant due(Sql sql, String channel, long lane) throws SQLException {
        return sql.first(
                "SELECT due" + PENDING + " AND state = 'queued' ORDER BY id LIMIT 1",
                row -> Instant.ofEpochMilli(row.getLong(1)),
                channel,
                lane);
    }

    /**
     * Queues again what was being delivered when the process ended; each may have arrived. Whatever may have arrived takes
     * the place that it had before it was tried: it is found the sooner, the fewer others have been told since.
     */
    static int recover(Sql sql, long now) throws SQLException {
        sql.update(
                "INSERT INTO trail (at, inbox, channel, event, code, detail)"
                        + " SELECT ?, inbox, channel, 'recovered', '', 'the bridge ended during the attempt'"
                        + " FROM delivery WHERE done IS NULL AND state = 'leased'",
                now);
        int recovered =
                sql.update("UPDATE delivery SET state = 'queued', unsure = 1 WHERE done IS NULL AND state = 'leased'");
        sql.update("UPDATE delivery SET due = MIN(due, created) WHERE done IS NULL AND unsure = 1");
        return recovered;
    }
}
