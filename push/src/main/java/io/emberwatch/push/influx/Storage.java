package io.emberwatch.push.influx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a database of InfluxDB 1.x: the retention policy {@value #RAW}, which is the default one, the policy
 * {@value #HISTORY}, and the continuous query {@value #QUERY} from one to the other. Asks first, and changes only what is
 * otherwise; nothing is deleted but a query of that name that says something else.
 *
 * @see <a href="https://docs.influxdata.com/influxdb/v1/guides/downsample_and_retain/">Downsample and retain data</a>
 */
public final class Storage {
    static final String RAW = "raw";
    static final String HISTORY = "history";
    static final String QUERY = "raw_to_history";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long DAYS_OF_DAILY_SHARDS = 180;

    private final HttpConfig database;
    private final StorageConfig config;
    private final String name;
    private final OkHttpClient client;

    /** @throws IllegalArgumentException when this is no database of InfluxDB 1.x */
    public Storage(HttpConfig database, StorageConfig config) {
        if (database.database() == null) {
            throw new IllegalArgumentException("a bucket of InfluxDB 2.x keeps its own retention; storage is for 1.x");
        }
        this.database = database;
        this.config = config;
        name = database.database();
        client = HttpClients.withTimeout(database.timeout());
    }

    /**
     * The statements that are still needed; none when everything is as configured.
     *
     * @throws IOException when InfluxDB does not answer, or not as it should
     */
    public List<String> missing() throws IOException {
        List<String> statements = new ArrayList<>();
        if (column(ask("SHOW DATABASES"), "name").contains(name)) {
            JsonNode policies = ask("SHOW RETENTION POLICIES ON " + identifier(name));
            policy(statements, policies, RAW, config.raw(), true);
            policy(statements, policies, HISTORY, config.history(), false);
        } else {
            statements.add(
                    "CREATE DATABASE " + identifier(name) + " WITH" + terms(config.raw()) + " NAME " + identifier(RAW));
            statements.add(create(HISTORY, config.history(), false));
        }
        query(statements);
        return statements;
    }

    /**
     * Runs a statement.
     *
     * @throws IOException when InfluxDB does not answer or refuses; the message has its words
     */
    public void run(String statement) throws IOException {
        ask(statement);
    }

    private void policy(
            List<String> statements, JsonNode policies, String policy, Duration duration, boolean byDefault) {
        int at = column(policies, "name").indexOf(policy);
        if (at < 0) {
            statements.add(create(policy, duration, byDefault));
            return;
        }
        boolean same = column(policies, "duration").get(at).equals(goDuration(duration))
                && column(policies, "shardGroupDuration").get(at).equals(goDuration(shard(duration)))
                && (!byDefault || column(policies, "default").get(at).equals("true"));
        if (!same) {
            statements.add("ALTER RETENTION POLICY " + identifier(policy) + " ON " + identifier(name) + terms(duration)
                    + (byDefault ? " DEFAULT" : ""));
        }
    }

    private String create(String policy, Duration duration, boolean byDefault) {
        return "CREATE RETENTION POLICY " + identifier(policy) + " ON " + identifier(name) + terms(duration)
                + (byDefault ? " DEFAULT" : "");
    }

    private static String terms(Duration duration) {
        return " DURATION " + influxDuration(duration) + " REPLICATION 1 SHARD DURATION "
                + influxDuration(shard(duration));
    }

    /** A tenth or so of what is kept: shards are dropped as a whole. InfluxDB's own choices. */
    private static Duration shard(Duration duration) {
        if (duration.compareTo(Duration.ofDays(2)) < 0) {
            return Duration.ofHours(1);
        }
        return duration.toDays() <= DAYS_OF_DAILY_SHARDS ? Duration.ofDays(1) : Duration.ofDays(7);
    }

    private void query(List<String> statements) throws IOException {
        String wanted = queryText();
        for (JsonNode series : ask("SHOW CONTINUOUS QUERIES").path("series")) {
            if (!series.path("name").asText().equals(name)) {
                continue;
            }
            for (JsonNode row : series.path("values")) {
                if (!row.path(0).asText().equals(QUERY)) {
                    continue;
                }
                if (normalized(row.path(1).asText()).equals(normalized(wanted))) {
                    return;
                }
                statements.add("DROP CONTINUOUS QUERY " + identifier(QUERY) + " ON " + identifier(name));
            }
        }
        statements.add(wanted);
    }

    /** Late points of the last interval are taken in by doing each interval twice. */
    private String queryText() {
        String every = influxDuration(config.every());
        String fields =
                config.functions().stream().map(function -> function + "(*)").collect(Collectors.joining(", "));
        return "CREATE CONTINUOUS QUERY " + identifier(QUERY) + " ON " + identifier(name) + " RESAMPLE EVERY " + every
                + " FOR " + influxDuration(config.every().multipliedBy(2)) + " BEGIN SELECT " + fields + " INTO "
                + identifier(name) + "." + identifier(HISTORY) + ".:MEASUREMENT FROM " + identifier(name) + "."
                + identifier(RAW) + "./.*/ GROUP BY time(" + every + "), * END";
    }

    /** InfluxDB shows a query without the quotes that it does not need. */
    private static String normalized(String query) {
        return query.replace("\"", "").replaceAll("\\s+", " ");
    }

    private JsonNode ask(String statement) throws IOException {
        HttpUrl url = HttpUrl.get(database.url().toString())
                .newBuilder()
                .addPathSegment("query")
                .build();
        Request.Builder request = new Request.Builder()
                .url(url)
                .post(new FormBody.Builder().add("q", statement).build());
        String username = database.username();
        if (username != null) {
            Secret password = database.password();
            request.header("Authorization", Credentials.basic(username, password == null ? "" : password.reveal()));
        }
        try (Response response = client.newCall(request.build()).execute()) {
            JsonNode answer = JSON.readTree(response.body().string());
            String error = error(answer);
            if (error != null || !response.isSuccessful()) {
                throw new IOException(database.url() + ": " + (error == null ? "status " + response.code() : error)
                        + "; asked: " + statement);
            }
            return answer.path("results").path(0);
        }
    }

    private static @Nullable String error(JsonNode answer) {
        JsonNode error = answer.path("error");
        JsonNode inner = answer.path("results").path(0).path("error");
        return error.isTextual() ? error.asText() : inner.isTextual() ? inner.asText() : null;
    }

    private static List<String> column(JsonNode result, String column) {
        List<String> values = new ArrayList<>();
        JsonNode series = result.path("series").path(0);
        int at = 0;
        while (at < series.path("columns").size()
                && !series.path("columns").path(at).asText().equals(column)) {
            at++;
        }
        for (JsonNode row : series.path("values")) {
            values.add(row.path(at).asText());
        }
        return values;
    }

    private static String identifier(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String influxDuration(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds % 86_400 == 0
                ? seconds / 86_400 + "d"
                : seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** As {@code SHOW RETENTION POLICIES} says it. */
    private static String goDuration(Duration duration) {
        return duration.toHours() + "h" + duration.toMinutesPart() + "m" + duration.toSecondsPart() + "s";
    }
}
