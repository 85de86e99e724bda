package io.emberwatch.exporter.postgres;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL server and the database that is asked.
 *
 * @param address {@code host:port}, port 5432 when left out
 * @param instance the value of the label {@code instance}; address and, unless it is {@code postgres}, database
 * @param sslmode as libpq has it: {@code disable}, {@code prefer}, {@code require}, {@code verify-ca}, {@code verify-full}
 * @param sslrootcert who signs the server's certificate (PEM)
 * @param collectors the built-in queries that are asked, by name; those that are on by default when empty
 * @param exclude built-in queries that are not asked
 * @param queries queries of one's own, by the prefix of their metrics, in postgres_exporter's form
 * @param queriesFile the same in a file of its own, such as postgres_exporter's {@code queries.yaml}
 * @param settings whether {@code pg_settings_*} are shown
 * @param maxRows how many rows of one query are read
 */
public record PostgresConfig(
        @Default("127.0.0.1:5432") String address,
        @Nullable String instance,
        @Default("postgres") String database,
        @Default("postgres") String username,
        @Nullable Secret password,
        @Default("prefer") String sslmode,
        @Nullable Path sslrootcert,
        @Default("[]") List<String> collectors,
        @Default("[]") List<String> exclude,
        @Default("{}") Map<String, QueryConfig> queries,
        @Nullable Path queriesFile,
        @Default("true") boolean settings,
        @Default("10000") int maxRows) {
    static final int PORT = 5432;
    private static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    public PostgresConfig {
        collectors = List.copyOf(collectors);
        exclude = List.copyOf(exclude);
        queries = Map.copyOf(queries);
        try {
            Addresses.hostPort(address, PORT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("address: " + e.getMessage(), e);
        }
        if (!SSL_MODES.contains(sslmode)) {
            throw new IllegalArgumentException("sslmode: " + sslmode + " is none of " + SSL_MODES);
        }
        if (!database.matches("[^/?&#%]+")) {
            throw new IllegalArgumentException("database: " + database + " is not a name that can be asked for");
        }
        if (maxRows < 1) {
            throw new IllegalArgumentException("max_rows: must be at least 1");
        }
        refuseUnknown("collectors", collectors);
        refuseUnknown("exclude", exclude);
    }

    private static void refuseUnknown(String key, List<String> names) {
        for (String name : names) {
            if (!BuiltInQueries.NAMES.contains(name)) {
                throw new IllegalArgumentException(key + ": " + name + " is none of " + BuiltInQueries.NAMES);
            }
        }
    }

    /** This configuration for another server, as {@code /probe} asks. */
    public PostgresConfig at(String other) {
        return new PostgresConfig(
                other,
                null,
                database,
                username,
                password,
                sslmode,
                sslrootcert,
                collectors,
                exclude,
                queries,
                queriesFile,
                settings,
                maxRows);
    }

    String instanceName() {
        if (instance != null) {
            return instance;
        }
        String server = Addresses.hostPort(address, PORT).toString();
        return database.equals("postgres") ? server : server + "/" + database;
    }
}
