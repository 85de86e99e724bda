package io.emberwatch.bridge.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * An alert group as it was last accepted; what belongs to one group is delivered in order.
 *
 * @param incident the open episode, or the last one
 * @param opened when the episode's first state was received
 * @param closed whether all of its alerts are resolved
 * @param seq the number of its last state
 * @param canon its last state
 * @param accepted when that came
 * @param repeats how often it came again
 * @param channels those that were told of the episode
 * @param inbox the number of the last state
 * @param flaps how often it fired again soon after it was resolved
 * @param changed when it last began to fire or was resolved
 */
record Lane(
        long id,
        String incident,
        long opened,
        boolean closed,
        int seq,
        String canon,
        long accepted,
        int repeats,
        List<String> channels,
        long inbox,
        int flaps,
        long changed) {
    static final String COLUMNS =
            "id, incident, opened, closed IS NOT NULL, seq, canon, accepted, repeats, channels, inbox, flaps, changed";

    static Lane read(ResultSet row) throws SQLException {
        String channels = row.getString(9);
        return new Lane(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getBoolean(4),
                row.getInt(5),
                row.getString(6),
                row.getLong(7),
                row.getInt(8),
                channels.isEmpty() ? List.of() : List.of(channels.split("\n", -1)),
                row.getLong(10),
                row.getInt(11),
                row.getLong(12));
    }
}
