package io.emberwatch.exporter.postgres;

import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The queries that come with the program, by the prefix of their metrics: {@code queries.yml} beside this class. */
final class BuiltInQueries {
    /** The queries, several of which may be one collector's. */
    static final Map<String, QueryConfig> ALL = read();

    /** What a configuration calls them: the prefix without {@code pg_} and without what tells variants apart. */
    static final List<String> NAMES = List.copyOf(
            new TreeSet<>(ALL.keySet().stream().map(BuiltInQueries::name).toList()));

    private BuiltInQueries() {}

    /** {@code stat_database} of {@code pg_stat_database}, {@code stat_bgwriter} of {@code pg_stat_bgwriter@17}. */
    static String name(String key) {
        return prefix(key).replaceFirst("^pg_", "");
    }

    /** The prefix of a query's metrics: its key without what tells variants apart. */
    static String prefix(String key) {
        int at = key.indexOf('@');
        return at < 0 ? key : key.substring(0, at);
    }

    /** The queries that a configuration asks for, its own among them. */
    static Map<String, QueryConfig> chosen(PostgresConfig config, Map<String, QueryConfig> fromFile) {
        Map<String, QueryConfig> chosen = new LinkedHashMap<>();
        ALL.forEach((key, query) -> {
            boolean wanted = config.collectors().isEmpty()
                    ? query.enabled()
                    : config.collectors().contains(name(key));
            if (wanted && !config.exclude().contains(name(key))) {
                chosen.put(key, query);
            }
        });
        chosen.putAll(fromFile);
        chosen.putAll(config.queries());
        return chosen;
    }

    private static Map<String, QueryConfig> read() {
        try (InputStream in = BuiltInQueries.class.getResourceAsStream("queries.yml")) {
            if (in == null) {
                throw new IllegalStateException("queries.yml is missing");
            }
            return QueriesFile.parse("queries.yml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }
}
