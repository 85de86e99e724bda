package io.emberwatch.scorer;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A way of telling a recorded run anew, as a cluster of its own name: with other scrapes, another version's metrics, a
 * member that nobody scrapes, counters that begin anew.
 *
 * @param every seconds between the scrapes that are told
 * @param shifted seconds by which each member is scraped later than the one before it
 * @param renamed metrics by what they are called here; nothing for those that are not there
 * @param untold members whose pages nobody has seen
 * @param restarted when the counters of the second member begin anew
 * @param lost of so many scrapes one fails, at another time for each member; 0 for none
 */
record Telling(
        String name,
        int every,
        double shifted,
        Map<String, String> renamed,
        Set<String> untold,
        @Nullable Instant restarted,
        int lost) {
    private static final String TOTAL = "etcd_mvcc_db_total_size_in_bytes";
    private static final String IN_USE = "etcd_mvcc_db_total_size_in_use_in_bytes";
    private static final String DEBUGGING = "etcd_debugging_mvcc_db_total_size_in_bytes";
    private static final String LEARNER = "etcd_server_is_learner";

    static Telling every(int seconds) {
        return new Telling("every-" + seconds, seconds, 0, Map.of(), Set.of(), null, 0);
    }

    /** Scraped one member after the other. */
    Telling staggered() {
        return new Telling(name + "-staggered", every, 1.3, renamed, untold, restarted, lost);
    }

    /** With the metrics of etcd 3.3 at its oldest. */
    static Telling old() {
        return of("etcd-3.3", Map.of(TOTAL, DEBUGGING, DEBUGGING, "", IN_USE, "", LEARNER, ""));
    }

    /** Without what etcd has no longer from 3.5 on, nor what is dropped at scrapes to save space. */
    static Telling recent() {
        return of("etcd-3.5", Map.of(DEBUGGING, "", "grpc_server_handled_total", ""));
    }

    private static Telling of(String name, Map<String, String> renamed) {
        return new Telling(name, 5, 0, renamed, Set.of(), null, 0);
    }

    static Telling without(String member) {
        return new Telling("without-" + member, 5, 0, Map.of(), Set.of(member), null, 0);
    }

    static Telling restarted(Instant at) {
        return new Telling("restarted", 5, 0, Map.of(), Set.of(), at, 0);
    }

    static Telling losing(int oneOf) {
        return new Telling("losing", 5, 0, Map.of(), Set.of(), null, oneOf);
    }

    /** How long a fault may take to be seen: half a minute, or until two rare scrapes have met it and the scorer has looked. */
    Duration limit() {
        return Duration.ofSeconds(every <= 15 ? 30 : 2L * every + Replay.INTERVAL.toSeconds());
    }

    /** How long too little is known of a cluster that is new, should one of its scrapes fail. */
    Duration beginning() {
        return Duration.ofSeconds(3L * every);
    }

    /** How long what was before still shows: where scrapes are too far apart for a minute's window, it is five. */
    Duration echo() {
        return every < 60 ? Duration.ZERO : Duration.ofMinutes(5).plusSeconds(every);
    }
}
