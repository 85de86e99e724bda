package io.emberwatch.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.notify.AlertmanagerGroup;
import io.emberwatch.rules.settings.Credential;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrometheusFileTest {
    @TempDir
    private Path folder;

    private PrometheusFile parse(String yaml) throws ConfigException {
        return PrometheusFile.parse("prometheus.yml", folder, yaml);
    }

    @Test
    void readsWhatConcernsRulesAndAlerts() throws IOException, ConfigException {
        Files.writeString(folder.resolve("token"), "geheim\n");
        PrometheusFile file = parse("""
                global:
                  evaluation_interval: 30s
                  rule_query_offset: 5s
                  external_labels: {cluster: c1}
                rule_files: [rules/*.yml, /etc/x.yml]
                alerting:
                  alert_relabel_configs:
                    - {regex: replica, action: labeldrop}
                    - {source_labels: [severity], regex: info, action: drop}
                  alertmanagers:
                    - scheme: https
                      path_prefix: am
                      timeout: 5s
                      basic_auth: {username: u, password: p}
                      static_configs: [{targets: ["a:9093", "b:9093"]}]
                    - authorization: {credentials_file: token}
                      static_configs: [{targets: ["c:9093"]}]
                scrape_configs: [{job_name: x}]
                """);
        assertThat(file.evaluationInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(file.queryOffset()).isEqualTo(Duration.ofSeconds(5));
        assertThat(file.externalLabels()).isEqualTo(Labels.of("cluster", "c1"));
        assertThat(file.ruleFiles()).containsExactly("rules/*.yml", "/etc/x.yml");
        assertThat(file.alertmanagers()).hasSize(2);
        AlertmanagerGroup first = file.alertmanagers().get(0);
        assertThat(first.scheme()).isEqualTo("https");
        assertThat(first.path()).isEqualTo("/am/api/v2/alerts");
        assertThat(first.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(first.sources().groups().get(0).addresses()).containsExactly("a:9093", "b:9093");
        assertThat(first.http().password()).isEqualTo(new Credential(new Secret("p"), null));
        assertThat(file.alertmanagers().get(1).http().credentials())
                .isEqualTo(new Credential(null, folder.resolve("token")));
        Labels labels = Labels.of("alertname", "A", "replica", "1");
        assertThat(file.alertRelabeling().apply(labels)).isEqualTo(Labels.of("alertname", "A"));
        assertThat(file.alertRelabeling().apply(labels.with("severity", "info")))
                .isNull();
    }

    @Test
    void showsNoSecrets() throws ConfigException {
        String text = parse("""
                        alerting: {alertmanagers: [{basic_auth: {username: u, password: geheim}}]}
                        scrape_configs:
                          - authorization:
                              credentials: geheim
                        """).text();
        assertThat(text).doesNotContain("geheim").contains("password: <secret>}", "credentials: <secret>\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    alerting: {alertmanagers: [{static_configs: [{targets: ['a b']}]}]} => "a b": expected an address
                    alerting: {alertmanagers: [{dns_sd_configs: []}]} => this kind of service discovery is not supported here
                    alerting: {alertmanagers: [{api_version: v1}]} => v1: expected v2
                    alerting: {alert_relabel_configs: [{action: nope}]} => nope: unknown relabel action
                    global: {evaluation_interval: 5} => evaluation_interval
                    rule_files: x => expected a list
                    """)
    void refusesWithThePlace(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("prometheus.yml:1:")
                .hasMessageContaining(message);
    }

    @Test
    void externalLabelsTakeVariablesOfTheEnvironment() throws ConfigException {
        PrometheusFile file = PrometheusFile.parse(
                "p.yml",
                Path.of("/etc"),
                "global: {external_labels: {a: '${PATH}', b: $$1, c: 'x${NOBODY_SETS_THIS}'}}");
        assertThat(file.externalLabels()).isEqualTo(Labels.of("a", System.getenv("PATH"), "b", "$1", "c", "x"));
    }
}
