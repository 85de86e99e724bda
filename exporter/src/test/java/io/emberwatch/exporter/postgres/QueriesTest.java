package io.emberwatch.exporter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.exporter.postgres.QueryConfig.Usage;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.exporter.status.Mutations;
import io.emberwatch.exporter.status.ValidPage;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueriesTest {
    private static final String FILE = """
            ---
            pg_replication:
              query: "SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0 ELSE 1 END AS lag"
              master: true
              metrics:
                - lag:
                    usage: "GAUGE"
                    description: "Replication lag behind master in seconds"

            pg_stat_statements:
              query: |
                SELECT t2.rolname, queryid
                FROM pg_stat_statements
              master: true
              cache_seconds: 30
              runonserver: ">=9.6.0 <14.0.0"
              metrics:
                - rolname: {usage: "LABEL", description: "Name of user"}
                - level: {usage: "MAPPEDMETRIC", metric_mapping: {low: 1, high: 2.5}}
                - t: {usage: "HISTOGRAM"}
            """;

    @Test
    void postgresExportersFileIsReadAsItIs() throws Exception {
        Map<String, QueryConfig> queries = QueriesFile.parse("queries.yaml", FILE);

        assertThat(queries).containsOnlyKeys("pg_replication", "pg_stat_statements");
        QueryConfig statements = queries.get("pg_stat_statements");
        assertThat(statements.query()).contains("FROM pg_stat_statements");
        assertThat(statements.cacheSeconds()).isEqualTo(30);
        assertThat(statements.metrics().get(1).get("level").metricMapping()).containsEntry("high", 2.5);
        assertThat(statements.metrics().get(2).get("t").usage()).isEqualTo(Usage.HISTOGRAM);
    }

    @Test
    void faultsAreNamedWithTheirPlaceInTheFile() {
        assertThatThrownBy(() -> QueriesFile.parse("q.yaml", "a:\n  query: x\n  metrics:\n    - b: {usage: GUAGE}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("q.yaml:4:18: a.metrics[0].b.usage: GUAGE");
        assertThatThrownBy(() -> QueriesFile.parse("q.yaml", "a:\n  query: x\n  runonserver: newest\n"))
                .hasMessageContaining("q.yaml:3:16")
                .hasMessageContaining("newest");
    }

    @Test
    void versionsAreComparedAsPostgresNumbersThem() {
        ServerVersion.Range range = ServerVersion.Range.parse(">=9.6.0 <10.2.0 || >=14");
        assertThat(List.of(90624, 100001, 140000, 170002))
                .allMatch(number -> range.contains(new ServerVersion(number)));
        assertThat(List.of(90500, 100002, 130010)).noneMatch(number -> range.contains(new ServerVersion(number)));
        assertThat(new ServerVersion(150018).shortText()).isEqualTo("15.18.0");
        assertThat(new ServerVersion(90624).shortText()).isEqualTo("9.6.24");
    }

    @Test
    void whatComesWithTheProgramIsChosenByName() throws Exception {
        PostgresConfig plain = ConfigReader.parse("p.yml", "address: \"db:5432\"", PostgresConfig.class);
        assertThat(BuiltInQueries.chosen(plain, Map.of()))
                .containsKeys("pg_locks", "pg_stat_database@14", "pg_wal")
                .doesNotContainKey("pg_stat_statements");
        PostgresConfig some = ConfigReader.parse(
                "p.yml", "{collectors: [locks, stat_statements], exclude: [locks]}", PostgresConfig.class);
        assertThat(BuiltInQueries.chosen(some, Map.of()).keySet())
                .containsExactlyInAnyOrder("pg_stat_statements", "pg_stat_statements@17");
        assertThatThrownBy(() -> ConfigReader.parse("p.yml", "collectors: [lock]", PostgresConfig.class))
                .hasMessageContaining("lock is none of");
        assertThatThrownBy(() -> ConfigReader.parse("p.yml", "database: a?b", PostgresConfig.class))
                .hasMessageContaining("is not a name");
    }

    @Test
    void settingsAreShownInBaseUnits() {
        Families families = new Families();
        Settings.setting(families, "shared_buffers", "16384", "8kB");
        Settings.setting(families, "wal_writer_delay", "200", "ms");
        Settings.setting(families, "log_min_duration_statement", "-1", "ms");
        Settings.setting(families, "plpgsql.check_asserts", "on", "");
        Settings.setting(families, "broken", "not a number", "");
        assertThat(ValidPage.of(families.list()))
                .contains("pg_settings_shared_buffers_bytes 134217728\n")
                .contains("pg_settings_wal_writer_delay_seconds 0.2\n")
                .contains("pg_settings_log_min_duration_statement_seconds -1\n")
                .contains("pg_settings_plpgsql_check_asserts 1\n")
                .doesNotContain("broken");
    }

    @FuzzTest
    void anyFileIsQueriesOrFaults(byte[] data) {
        try {
            QueriesFile.parse("q.yaml", new String(data, StandardCharsets.UTF_8));
        } catch (ConfigException documented) {
            // Every fault with its place.
        }
    }

    @Test
    void spoiltFilesAreQueriesOrFaults() {
        Mutations.of(FILE, 500).forEach(this::anyFileIsQueriesOrFaults);
    }
}
