package io.emberwatch.exporter.postgres;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.BoundedCall;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.exporter.status.StatusTarget;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PostgreSQL server. The connection is kept between readings. A query that fails is shown by {@code
 * pg_scrape_collector_success} and costs no other query anything.
 *
 * <p>Bounded: rows of a query as configured, {@value #LARGEST_RESULT} of memory for one result, and time: the server is
 * told to give up a statement after what is left of it, and a connection that hangs is cut.
 */
public final class PostgresTarget implements StatusTarget {
    private static final Logger logger = LoggerFactory.getLogger("exporter.status");
    private static final String LARGEST_RESULT = "16M";
    private static final double NANOS = 1e9;

    private final PostgresConfig config;
    private final Map<String, Query> queries = new LinkedHashMap<>();
    private final BoundedCall call;
    private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
    private final Map<String, String> troubles = new HashMap<>();
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();

    /** @throws ConfigException when the file of queries cannot be used */
    public PostgresTarget(PostgresConfig config) throws IOException, ConfigException {
        this.config = config;
        Map<String, QueryConfig> fromFile = config.queriesFile() == null
                ? Map.of()
                : QueriesFile.parse(config.queriesFile().toString(), Files.readString(config.queriesFile()));
        BuiltInQueries.chosen(config, fromFile)
                .forEach((key, query) -> queries.put(key, new Query(BuiltInQueries.prefix(key), query)));
        call = new BoundedCall("postgres");
    }

    @Override
    public String instance() {
        return config.instanceName();
    }

    @Override
    public List<MetricFamily> read(Deadline deadline) throws IOException, TargetFault {
        return call.run(() -> ask(deadline), this::close, deadline);
    }

    private List<MetricFamily> ask(Deadline deadline) throws TargetFault {
        try {
            Connection open = open(deadline);
            Families families = new Families();
            outcomes.clear();
            ServerVersion version = version(open, families);
            for (Map.Entry<String, Query> entry : queries.entrySet()) {
                Query query = entry.getValue();
                if (query.isFor(version)) {
                    ask(open, BuiltInQueries.name(entry.getKey()), query, families, deadline);
                }
            }
            if (config.settings()) {
                collector("settings", () -> Settings.read(open, families));
            }
            outcomes.forEach((name, outcome) -> outcome.show(name, families));
            return families.list();
        } catch (SQLException e) {
            close();
            throw fault(e, deadline);
        }
    }

    private void ask(Connection open, String name, Query query, Families families, Deadline deadline)
            throws SQLException, TargetFault {
        collector(name, () -> {
            try (Statement statement = open.createStatement()) {
                long millis = Math.max(1, deadline.remaining().toMillis());
                statement.execute("SET statement_timeout = " + millis);
                statement.setMaxRows(config.maxRows());
                query.read(statement, families);
            }
        });
    }

    /** Something asked of the server. */
    @FunctionalInterface
    private interface Asking {
        void run() throws SQLException;
    }

    private void collector(String name, Asking asking) throws SQLException, TargetFault {
        long started = System.nanoTime();
        boolean good = false;
        try {
            asking.run();
            good = true;
            settle(name, "");
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("08") || state.equals("57P01")) {
                throw e;
            }
            settle(name, String.valueOf(e.getMessage()));
        }
        outcomes.merge(name, new Outcome(good, (System.nanoTime() - started) / NANOS), Outcome::and);
    }

    /** What became of the queries of one collector. */
    private record Outcome(boolean good, double seconds) {
        Outcome and(Outcome other) {
            return new Outcome(good && other.good, seconds + other.seconds);
        }

        void show(String collector, Families families) {
            families.gauge(
                    "pg_scrape_collector_duration_seconds",
                    "postgres_exporter: Duration of a collector scrape.",
                    seconds,
                    "collector",
                    collector);
            families.gauge(
                    "pg_scrape_collector_success",
                    "postgres_exporter: Whether a collector succeeded.",
                    good ? 1 : 0,
                    "collector",
                    collector);
        }
    }

    private void settle(String query, String trouble) {
        String before = troubles.put(query, trouble);
        if (!trouble.isEmpty() && !trouble.equals(before)) {
            logger.atWarn()
                    .addKeyValue("target", "postgres/" + instance())
                    .addKeyValue("collector", query)
                    .log("query failed: {}", trouble);
        }
    }

    private Connection open(Deadline deadline) throws SQLException {
        Connection kept = connection.get();
        if (kept != null && !kept.isClosed()) {
            return kept;
        }
        Properties properties = new Properties();
        properties.setProperty("user", config.username());
        if (config.password() != null) {
            properties.setProperty("password", config.password().reveal());
        }
        properties.setProperty("sslmode", config.sslmode());
        if (config.sslrootcert() != null) {
            properties.setProperty("sslrootcert", config.sslrootcert().toString());
        }
        String seconds = String.valueOf(Math.max(1, deadline.remaining().toSeconds()));
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "emberwatch");
        properties.setProperty("readOnly", "true");
        properties.setProperty("maxResultBuffer", LARGEST_RESULT);
        properties.setProperty("assumeMinServerVersion", "9.4");
        String url = "jdbc:postgresql://" + Addresses.hostPort(config.address(), PostgresConfig.PORT) + "/"
                + config.database();
        Connection opened = DriverManager.getConnection(url, properties);
        connection.set(opened);
        if (deadline.isPast()) {
            close();
            throw new SQLException("no answer in time", "08000");
        }
        return opened;
    }

    private static ServerVersion version(Connection open, Families families) throws SQLException, TargetFault {
        try (Statement statement = open.createStatement();
                ResultSet row = statement.executeQuery("SELECT version(), current_setting('server_version_num')")) {
            if (!row.next()) {
                throw TargetFault.garbage("the server tells no version");
            }
            ServerVersion version = new ServerVersion(Integer.parseInt(row.getString(2)));
            families.add(
                    MetricType.UNKNOWN,
                    "pg_static",
                    "Version string as reported by postgres",
                    1,
                    Labels.of("version", String.valueOf(row.getString(1)), "short_version", version.shortText()));
            return version;
        } catch (NumberFormatException e) {
            throw TargetFault.garbage("the server tells a version that is not a number");
        }
    }

    private static TargetFault fault(SQLException e, Deadline deadline) {
        String state = String.valueOf(e.getSQLState());
        if (deadline.isPast()) {
            return new TargetFault(TargetFault.Reason.TIMEOUT, String.valueOf(e.getMessage()));
        }
        if (state.startsWith("28") || state.equals("3D000")) {
            return new TargetFault(TargetFault.Reason.DENIED, String.valueOf(e.getMessage()));
        } else if (e.getCause() instanceof IOException io) {
            return TargetFault.of(io);
        }
        return new TargetFault(
                state.startsWith("08") ? TargetFault.Reason.UNREACHABLE : TargetFault.Reason.GARBAGE,
                String.valueOf(e.getMessage()));
    }

    @Override
    public MetricFamily verdict(boolean read) {
        return MetricFamily.gauge(
                "pg_up",
                "Whether the last scrape of metrics from PostgreSQL was able to connect to the server (1 for yes, 0 for no).",
                read ? 1 : 0);
    }

    @Override
    public void close() {
        Connection open = connection.getAndSet(null);
        if (open != null) {
            try {
                // Unlike close, this does not wait for a statement under way.
                open.abort(Runnable::run);
            } catch (SQLException e) {
                logger.debug("closing failed: {}", e.getMessage());
            }
        }
    }
}
