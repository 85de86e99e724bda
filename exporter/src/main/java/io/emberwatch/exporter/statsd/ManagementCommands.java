package io.emberwatch.exporter.statsd;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the management port of Etsy's statsd answers. It tells of, and deletes from, what is flushed to Carbon; the page is
 * not concerned. {@code health} is kept for whoever asks it and means nothing else.
 *
 * @see <a href="https://github.com/statsd/statsd/blob/master/docs/admin_interface.md">statsd: TCP stats interface</a>
 */
final class ManagementCommands {
    static final Set<String> NAMES = Set.of(
            "help",
            "stats",
            "counters",
            "timers",
            "gauges",
            "delcounters",
            "deltimers",
            "delgauges",
            "health",
            "config",
            "quit");

    private static final String END = "END\n\n";

    private final FlushConfig config;
    private final StatsdStore store;
    private final StatsdMetrics metrics;
    private final CarbonSender sender;
    private final InstantSource clock;
    private final long began;
    private volatile String health = "up";

    ManagementCommands(
            FlushConfig config, StatsdStore store, StatsdMetrics metrics, CarbonSender sender, InstantSource clock) {
        this.config = config;
        this.store = store;
        this.metrics = metrics;
        this.sender = sender;
        this.clock = clock;
        began = seconds();
    }

    /** The answer to a line; null when the connection is to end. */
    @Nullable
    String answer(String line) {
        List<String> words = List.of(line.strip().split("\\s+", -1));
        String command = words.get(0);
        List<String> rest = words.subList(1, words.size());
        metrics.command(command);
        return switch (command) {
            case "help" ->
                "Commands: stats, counters, timers, gauges, delcounters, deltimers, delgauges, health, config, quit\n\n";
            case "stats" -> stats();
            case "counters" -> shown(EventKind.COUNTER);
            case "timers" -> shown(EventKind.TIMER);
            case "gauges" -> shown(EventKind.GAUGE);
            case "delcounters" -> forget(EventKind.COUNTER, rest);
            case "deltimers" -> forget(EventKind.TIMER, rest);
            case "delgauges" -> forget(EventKind.GAUGE, rest);
            case "health" -> health(rest);
            case "config" -> config();
            case "quit" -> null;
            default -> "ERROR\n";
        };
    }

    private long seconds() {
        return clock.instant().getEpochSecond();
    }

    private String stats() {
        long now = seconds();
        long lastSample;
        synchronized (store) {
            lastSample = store.lastSampleMillis() / 1000;
        }
        CarbonSender.Sent sent = sender.sent();
        return "uptime: " + (now - began) + "\n"
                + "messages.last_msg_seen: " + since(lastSample, now) + "\n"
                + "messages.bad_lines_seen: " + Math.round(metrics.badLines()) + "\n"
                + "graphite.last_flush: " + since(sent.lastFlush(), now) + "\n"
                + "graphite.last_exception: " + since(sent.lastTrouble(), now) + "\n"
                + "graphite.flush_time: " + sent.flushMillis() + "\n"
                + "graphite.flush_length: " + sent.flushBytes() + "\n"
                + END;
    }

    // What never happened is counted from the beginning, as there.
    private long since(long then, long now) {
        return now - Math.max(then, began);
    }

    private String shown(EventKind kind) {
        synchronized (store) {
            FlushTable table = store.flushTable();
            return (table == null ? "{ }" : table.shown(kind)) + "\n" + END;
        }
    }

    private String forget(EventKind kind, List<String> names) {
        StringBuilder text = new StringBuilder();
        synchronized (store) {
            FlushTable table = store.flushTable();
            for (String name : names) {
                List<String> forgotten = table == null ? List.of() : table.forget(kind, name);
                if (forgotten.isEmpty()) {
                    text.append("metric ").append(name).append(" not found\n");
                }
                forgotten.forEach(one -> text.append("deleted: ").append(one).append('\n'));
            }
        }
        return text + END;
    }

    private String health(List<String> words) {
        String wanted = words.isEmpty() ? "" : words.get(0).toLowerCase(Locale.ROOT);
        if (wanted.equals("up") || wanted.equals("down")) {
            health = wanted;
        }
        return "health: " + health + "\n";
    }

    private String config() {
        StringJoiner text = new StringJoiner("\n", "\n", "\n");
        text.add("graphiteHost: " + config.graphite().host());
        text.add("graphitePort: " + config.graphite().port());
        text.add("flushInterval: " + config.flushInterval().toMillis());
        text.add("percentThreshold: " + numbers(config.percentThreshold()));
        text.add("deleteIdleStats: " + config.deleteIdleStats());
        text.add("histogram: " + numbers(config.histogramBins()));
        text.add("graphite > legacyNamespace: " + config.legacyNamespace());
        text.add("graphite > globalPrefix: " + config.globalPrefix());
        text.add("graphite > prefixCounter: " + config.prefixCounter());
        text.add("graphite > prefixTimer: " + config.prefixTimer());
        text.add("graphite > prefixGauge: " + config.prefixGauge());
        text.add("graphite > prefixSet: " + config.prefixSet());
        text.add("graphite > globalSuffix: " + config.globalSuffix());
        return text.toString();
    }

    private static String numbers(List<Double> numbers) {
        return numbers.stream().map(FlushTable::text).collect(Collectors.joining(","));
    }
}
