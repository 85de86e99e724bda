package io.emberwatch.rules.web;

import io.emberwatch.rules.store.HeadStatistics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server as a whole, for the {@code status} endpoints. */
public interface ServerStatus {
    /** Version, revision and so on. */
    Map<String, String> build();

    /** The settings in force by name. */
    Map<String, String> flags();

    /** The configuration in force as YAML, without secrets. */
    String configuration();

    /** What a reload did last. */
    Lifetime runtime();

    /** What the store holds, or null when there is none. */
    @Nullable
    HeadStatistics store(int top);

    /** The addresses of the Alertmanagers. */
    List<String> alertmanagers();

    /**
     * The process.
     *
     * @param started when it was started
     * @param reloaded when the configuration was last taken up
     * @param reloadSucceeded whether the last reload did
     * @param retention how long samples are kept, as text
     */
    record Lifetime(Instant started, Instant reloaded, boolean reloadSucceeded, String retention) {}
}
