package io.emberwatch.exporter.memcached;

import io.emberwatch.exporter.status.Families;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What memcached's statistics say, in memcached_exporter's words. Not safe for several threads. */
final class MemcachedStats {
    private static final List<String> COMMANDS = List.of("get", "delete", "incr", "decr", "cas", "touch");
    private static final Map<String, String> LRUS =
            Map.of("hits_to_hot", "hot", "hits_to_warm", "warm", "hits_to_cold", "cold", "hits_to_temp", "temporary");
    private static final Pattern ITEM = Pattern.compile("items:(\\d{1,9}):(.+)");
    private static final Pattern SLAB = Pattern.compile("(\\d{1,9}):(.+)");
    private static final String SLAB_LABEL = "slab";

    private final Families families = new Families();

    private MemcachedStats() {}

    static List<MetricFamily> families(
            Map<String, String> stats,
            Map<String, String> settings,
            Map<String, String> items,
            Map<String, String> slabs)
            throws TargetFault {
        MemcachedStats made = new MemcachedStats();
        made.general(stats);
        made.table(Stat.SETTINGS, settings, Labels.EMPTY);
        if ("yes".equals(settings.get("lru_crawler"))) {
            made.table(Stat.CRAWLER, settings, Labels.EMPTY);
        }
        for (Map.Entry<String, Map<String, String>> slab : byClass(items, ITEM).entrySet()) {
            made.items(slab.getKey(), slab.getValue());
        }
        for (Map.Entry<String, Map<String, String>> slab : byClass(slabs, SLAB).entrySet()) {
            made.slab(slab.getKey(), slab.getValue());
        }
        return made.families.list();
    }

    private static Map<String, Map<String, String>> byClass(Map<String, String> stats, Pattern pattern) {
        Map<String, Map<String, String>> classes = new LinkedHashMap<>();
        stats.forEach((key, value) -> {
            Matcher matcher = pattern.matcher(key);
            if (matcher.matches()) {
                classes.computeIfAbsent(matcher.group(1), c -> new LinkedHashMap<>())
                        .put(matcher.group(2), value);
            }
        });
        return classes;
    }

    private void general(Map<String, String> stats) throws TargetFault {
        if (!stats.containsKey("version")) {
            throw TargetFault.garbage("the statistics tell no version");
        }
        families.gauge(
                "memcached_version",
                "The version of this memcached server.",
                1,
                "version",
                stats.getOrDefault("version", ""));
        String name = "memcached_commands_total";
        String help = "Total number of all requests broken down by command (get, set, etc.) and status.";
        for (String command : COMMANDS) {
            command(name, help, stats, command + "_hits", "command", command, "status", "hit");
            command(name, help, stats, command + "_misses", "command", command, "status", "miss");
        }
        command(name, help, stats, "cas_badval", "command", "cas", "status", "badval");
        command(name, help, stats, "cmd_flush", "command", "flush", "status", "hit");
        // memcached counts cas among its sets too.
        if (stats.containsKey("cmd_set")) {
            double cas = number(stats, "cas_misses") + number(stats, "cas_hits") + number(stats, "cas_badval");
            families.counter(name, help, number(stats, "cmd_set") - cas, "command", "set", "status", "hit");
        }
        cpu(
                "memcached_process_user_cpu_seconds_total",
                "Accumulated user time for this process.",
                stats,
                "rusage_user");
        cpu(
                "memcached_process_system_cpu_seconds_total",
                "Accumulated system time for this process.",
                stats,
                "rusage_system");
        table(Stat.GENERAL, stats, Labels.EMPTY);
    }

    private void items(String slab, Map<String, String> stats) throws TargetFault {
        table(Stat.ITEMS, stats, Labels.of(SLAB_LABEL, slab));
        for (Map.Entry<String, String> lru : LRUS.entrySet()) {
            command(
                    "memcached_slab_lru_hits_total",
                    "Number of get_hits to the LRU.",
                    stats,
                    lru.getKey(),
                    SLAB_LABEL,
                    slab,
                    "lru",
                    lru.getValue());
        }
    }

    private void slab(String slab, Map<String, String> stats) throws TargetFault {
        String name = "memcached_slab_commands_total";
        String help = "Total number of all requests broken down by command (get, set, etc.) and status per slab.";
        for (String command : COMMANDS) {
            command(name, help, stats, command + "_hits", SLAB_LABEL, slab, "command", command, "status", "hit");
        }
        command(name, help, stats, "cas_badval", SLAB_LABEL, slab, "command", "cas", "status", "badval");
        if (stats.containsKey("cmd_set")) {
            double set = number(stats, "cmd_set") - number(stats, "cas_hits") - number(stats, "cas_badval");
            families.counter(name, help, set, SLAB_LABEL, slab, "command", "set", "status", "hit");
        }
        table(Stat.SLABS, stats, Labels.of(SLAB_LABEL, slab));
    }

    private void table(List<Stat> table, Map<String, String> stats, Labels labels) throws TargetFault {
        for (Stat stat : table) {
            if (stats.containsKey(stat.key())) {
                families.add(stat.type(), stat.name(), stat.help(), number(stats, stat.key()), labels);
            }
        }
    }

    private void command(String name, String help, Map<String, String> stats, String key, String... labels)
            throws TargetFault {
        if (stats.containsKey(key)) {
            families.counter(name, help, number(stats, key), labels);
        }
    }

    // Seconds and microseconds with a point between them: 1.000042, in old versions 1.42 for the same.
    private void cpu(String name, String help, Map<String, String> stats, String key) throws TargetFault {
        String text = stats.get(key);
        if (text == null) {
            return;
        }
        Matcher time = Pattern.compile("(\\d{1,18})[.:](\\d{1,6})").matcher(text);
        if (!time.matches()) {
            throw TargetFault.garbage(key + " is " + text);
        }
        double seconds = Long.parseLong(time.group(1)) + Long.parseLong(time.group(2)) / 1e6;
        families.add(MetricType.COUNTER, name, help, seconds, Labels.EMPTY);
    }

    private static double number(Map<String, String> stats, String key) throws TargetFault {
        String text = stats.getOrDefault(key, "0");
        if (text.equals("yes") || text.equals("no")) {
            return text.equals("yes") ? 1 : 0;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw TargetFault.garbage(key + " is " + text.substring(0, Math.min(text.length(), 100)));
        }
    }
}
