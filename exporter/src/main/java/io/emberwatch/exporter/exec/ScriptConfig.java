package io.emberwatch.exporter.exec;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A script that {@code /probe/script?script=name} runs, in script_exporter's words.
 *
 * @param name what it is asked for by
 * @param command the program, its arguments may follow
 * @param args arguments; those of the request's {@code params} come after them
 * @param env added to the exporter's environment
 * @param allowEnvOverwrite whether a request's parameters may replace values of {@code env}
 * @param output what becomes of what it prints
 */
public record ScriptConfig(
        String name,
        List<String> command,
        @Default("[]") List<String> args,
        @Default("{}") Map<String, String> env,
        @Default("false") boolean allowEnvOverwrite,
        @Default("{}") OutputConfig output,
        @Default("{}") TimeoutConfig timeout,
        @Default("{}") CacheConfig cache) {
    public ScriptConfig {
        command = List.copyOf(command);
        args = List.copyOf(args);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: a script must have a name");
        }
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("command: must name a program");
        }
    }

    /**
     * What becomes of what a script prints.
     *
     * @param ignore nothing is shown of it
     * @param ignoreOnError nothing is shown of it when the script fails
     * @param format {@code prometheus} or {@code nagios}
     */
    public record OutputConfig(
            @Default("false") boolean ignore,
            @Default("false") boolean ignoreOnError,
            @Default("prometheus") String format) {
        public OutputConfig {
            if (!Set.of("prometheus", "nagios").contains(format)) {
                throw new IllegalArgumentException("format: " + format + " is neither prometheus nor nagios");
            }
        }
    }

    /**
     * How long a script may run. It is told through {@code SCRIPT_TIMEOUT} and {@code SCRIPT_DEADLINE}.
     *
     * @param maxTimeout seconds; what the scraper says beyond it is cut; 0 for no limit
     * @param enforced whether it is killed when its time is over; it is in any case after an hour
     * @param waitDelay seconds beyond its time before it is killed
     */
    public record TimeoutConfig(
            @Default("0") double maxTimeout,
            @Default("true") boolean enforced,
            @Default("0") double waitDelay) {
        public TimeoutConfig {
            if (!(maxTimeout >= 0) || !(waitDelay >= 0)) {
                throw new IllegalArgumentException("max_timeout: and wait_delay must not be negative");
            }
        }
    }

    /**
     * How long an answer may be given again.
     *
     * @param duration seconds as a number or a duration such as {@code 30s}; nothing for never
     * @param cacheOnError whether the answer of a script that failed is kept as well
     * @param useExpiredCacheOnError whether the last answer kept is given when the script fails
     */
    public record CacheConfig(
            @Nullable Duration duration,
            @Default("false") boolean cacheOnError,
            @Default("false") boolean useExpiredCacheOnError) {
        public CacheConfig {
            if (duration != null && duration.isNegative()) {
                throw new IllegalArgumentException("duration: must not be negative");
            }
        }
    }
}
