package io.emberwatch.rules.store;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what is too old to keep, by a clock that may jump: after a jump nothing more is deleted until the clock has gone on
 * evenly for an hour, since a wrong time must not cost the samples of weeks. Of one thread.
 */
final class RetentionClock {
    static final long JUMP_MILLIS = 3_600_000L;
    static final long BACK_MILLIS = 60_000L;
    static final int STEADY_LOOKS = 12;

    private static final long LONGEST_PAUSE_MILLIS = 24 * 3_600_000L;
    private static final Logger logger = LoggerFactory.getLogger("rules.store");

    private final long retentionMillis;
    private long last;
    private long oldestAllowed;
    private int steady;
    private boolean trusted = true;

    /**
     * A clock that begins now.
     *
     * @param newestMillis time of the newest sample stored, {@link Long#MIN_VALUE} when there is none
     */
    RetentionClock(long retentionMillis, long nowMillis, long newestMillis) {
        this.retentionMillis = retentionMillis;
        last = nowMillis;
        oldestAllowed = nowMillis - retentionMillis;
        if (newestMillis != Long.MIN_VALUE && nowMillis - newestMillis > LONGEST_PAUSE_MILLIS) {
            oldestAllowed = newestMillis - retentionMillis;
            trusted = false;
        }
    }

    /** Looks at the clock, every five minutes; gives the time before which samples are deleted, milliseconds. */
    long look(long nowMillis) {
        if (nowMillis - last > JUMP_MILLIS || nowMillis - last < -BACK_MILLIS) {
            logger.atWarn()
                    .addKeyValue("from", Instant.ofEpochMilli(last))
                    .addKeyValue("to", Instant.ofEpochMilli(nowMillis))
                    .log("the clock jumped; no samples are deleted for age until it has gone on evenly for an hour");
            trusted = false;
            steady = 0;
        } else if (!trusted && ++steady >= STEADY_LOOKS) {
            trusted = true;
        }
        last = nowMillis;
        if (trusted) {
            oldestAllowed = Math.max(oldestAllowed, nowMillis - retentionMillis);
        }
        return oldestAllowed;
    }
}
