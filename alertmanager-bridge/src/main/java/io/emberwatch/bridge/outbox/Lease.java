package io.emberwatch.bridge.outbox;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of one group that one channel is to be told now, together; nobody else delivers them meanwhile.
 *
 * @param batch the number of the newest delivery in it
 * @param first the number of the oldest delivery in it
 * @param inbox the numbers of what was received, oldest first; never empty
 * @param created when each of them was queued
 * @param attempt which attempt this is, from 1
 */
public record Lease(
        String channel,
        long lane,
        long first,
        long batch,
        List<Long> inbox,
        List<Instant> created,
        int attempt,
        Past past) {
    public Lease {
        inbox = List.copyOf(inbox);
        created = List.copyOf(created);
    }

    /**
     * What earlier attempts left behind.
     *
     * @param unsure one of them may have arrived
     * @param replay it comes from the dead letters
     * @param progress what part of it is done
     * @param reference what the channel said of the incident's last message
     * @param digest whether it holds states of many incidents
     */
    public record Past(
            boolean unsure,
            boolean replay,
            @Nullable String progress,
            @Nullable String reference,
            boolean digest) {}

    /** The same lease after a part of it was delivered. */
    Lease after(String progress) {
        return new Lease(
                channel,
                lane,
                first,
                batch,
                inbox,
                created,
                attempt,
                new Past(false, past.replay(), progress, past.reference(), past.digest()));
    }

    /** The number of the newest state. */
    public long newest() {
        return inbox.get(inbox.size() - 1);
    }
}
