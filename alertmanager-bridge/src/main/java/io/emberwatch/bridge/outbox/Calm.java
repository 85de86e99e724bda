package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Severity;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Decides where a state waits and until when: in its own group, or in the channel's digest while there is a storm. */
final class Calm {
    private static final long MINUTE = 60_000;

    private final CalmPolicy policy;
    private final Quiet quiet;
    // What began within the last minute, by channel. Work that is run again counts twice, which only calms sooner.
    private final Map<String, Deque<Long>> begun = new HashMap<>();

    Calm(CalmPolicy policy, Quiet quiet) {
        this.policy = policy;
        this.quiet = quiet;
    }

    /**
     * A state that is to be queued.
     *
     * @param opens whether an incident begins with it
     * @param held whether its group flaps
     */
    record State(long lane, String incident, boolean opens, boolean held, Severity severity) {}

    Outbox.Waiting place(Sql sql, String channel, State state, long now) throws SQLException {
        if (isForDigest(sql, channel, state, now)) {
            long interval = policy.digestInterval().toMillis();
            return new Outbox.Waiting(
                    channel, digest(sql, channel, now), Instant.ofEpochMilli(now - now % interval + interval));
        }
        Instant at = Instant.ofEpochMilli(now);
        Instant due = quiet.until(channel, state.severity(), at);
        if (state.held() && due.isBefore(at.plus(policy.flapHold()))) {
            due = at.plus(policy.flapHold());
        }
        return new Outbox.Waiting(channel, state.lane(), due);
    }

    private boolean isForDigest(Sql sql, String channel, State state, long now) throws SQLException {
        if (!state.opens()) {
            return state.severity() != Severity.CRITICAL
                    && sql.number(
                                    "SELECT COUNT(*) FROM digested WHERE incident = ? AND channel = ?",
                                    state.incident(),
                                    channel)
                            > 0;
        }
        Deque<Long> recent = begun.computeIfAbsent(channel, name -> new ArrayDeque<>());
        while (!recent.isEmpty() && recent.peekFirst() <= now - MINUTE) {
            recent.removeFirst();
        }
        if (state.severity() == Severity.CRITICAL) {
            return false;
        }
        if (recent.size() < policy.stormIncidents()) {
            recent.addLast(now);
            return false;
        }
        sql.update("INSERT OR IGNORE INTO digested (incident, channel) VALUES (?, ?)", state.incident(), channel);
        return true;
    }

    private static long digest(Sql sql, String channel, long now) throws SQLException {
        Long known = sql.first(
                "SELECT id FROM lane WHERE receiver = '!digest' AND group_key = ?", row -> row.getLong(1), channel);
        if (known != null) {
            return known;
        }
        long id = sql.next("lane");
        sql.update(
                "INSERT INTO lane (id, source, receiver, group_key, group_labels, incident, opened, closed, seq, canon,"
                        + " accepted, repeats, channels, inbox)"
                        + " VALUES (?, 'digest', '!digest', ?, '', '', ?, ?, 0, '', ?, 0, '', 0)",
                id,
                channel,
                now,
                now,
                now);
        return id;
    }

    /** Whether a group that has returned so often flaps. */
    boolean flaps(int returns) {
        return policy.flapChanges() > 0 && returns >= policy.flapChanges();
    }

    /** How often a group has returned by now, if it fires now. */
    int returns(Lane lane, long now) {
        return now - lane.changed() <= policy.flapWindow().toMillis() ? lane.flaps() + 1 : 0;
    }
}
