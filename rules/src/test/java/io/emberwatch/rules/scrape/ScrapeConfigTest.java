package io.emberwatch.rules.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.discovery.TargetGroup;
import io.emberwatch.rules.settings.Credential;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapeConfigTest {
    private static final String FULL = """
            global:
              scrape_interval: 30s
              scrape_timeout: 8s
              evaluation_interval: 20s
              rule_query_offset: 5s
              external_labels:
                site: ${SITE}
                price: $$5
              sample_limit: 1000
              body_size_limit: 10MB
              extra_scrape_metrics: true
            rule_files:
              - rules/*.yml
            alerting:
              alertmanagers:
                - static_configs:
                    - targets: ["127.0.0.1:9093"]
            scrape_configs:
              - job_name: plain
              - job_name: full
                honor_labels: true
                honor_timestamps: false
                scrape_interval: 5s
                metrics_path: /probe
                scheme: https
                params:
                  module: [a, b]
                sample_limit: 7
                authorization:
                  credentials: token
                tls_config:
                  insecure_skip_verify: true
                scrape_protocols: [PrometheusText0.0.4]
                static_configs:
                  - targets: [host, "other:1"]
                    labels:
                      zone: x
                relabel_configs:
                  - source_labels: [__address__]
                    target_label: __param_target
                  - source_labels: [__address__]
                    regex: other.*
                    target_label: __scrape_interval__
                    replacement: 1m
            """;

    @TempDir
    private Path folder;

    private static ScrapeConfig parse(String yaml) throws ConfigException {
        return ScrapeConfig.parse("prometheus.yml", yaml, name -> name.equals("SITE") ? "home" : null);
    }

    @Test
    void everyKeyArrivesAndWhatIsAbsentComesFromGlobal() throws ConfigException {
        ScrapeConfig config = parse(FULL);
        assertThat(config.jobNames()).containsExactly("plain", "full");
        assertThat(config.global())
                .isEqualTo(new ScrapeConfig.Global(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(5),
                        Labels.of("site", "home", "price", "$5")));
        JobSettings plain = config.jobs().get(0).settings();
        assertThat(plain.interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(plain.timeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(plain.limits().samples()).isEqualTo(1000);
        assertThat(plain.limits().bodySize()).isEqualTo(10 << 20);
        assertThat(plain.labelling().honorTimestamps()).isTrue();
        assertThat(plain.labelling().extraMetrics()).isTrue();
        JobSettings full = config.jobs().get(1).settings();
        assertThat(full.timeout()).as("cut to the interval").isEqualTo(Duration.ofSeconds(5));
        assertThat(full.limits().samples()).isEqualTo(7);
        assertThat(full.labelling().honorLabels()).isTrue();
        assertThat(full.labelling().honorTimestamps()).isFalse();
        assertThat(full.http().tls().insecure()).isTrue();
        assertThat(full.request().accept()).isEqualTo("text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
    }

    @Test
    void targetsGetTheirLabelsUrlsAndPorts() throws ConfigException {
        ScrapeJob job = parse(FULL).jobs().get(1);
        Target host = Target.of(job, job.sources().groups().get(0).targets().get(0));
        assertThat(host.labels()).isEqualTo(Labels.of("job", "full", "instance", "host:443", "zone", "x"));
        assertThat(host.url()).hasToString("https://host/probe?module=a&module=b&target=host");
        assertThat(host.offset()).isBetween(Duration.ZERO, host.interval());
        Target other = Target.of(job, job.sources().groups().get(0).targets().get(1));
        assertThat(other.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(other.labels().get("instance")).isEqualTo("other:1");
        Target six = Target.of(job, Labels.of("__address__", "[::1]"));
        assertThat(six.url().toString()).startsWith("https://[::1]/probe");
    }

    @Test
    void anEmptyFileHasNoJobs() throws ConfigException {
        assertThat(parse("").jobNames()).isEmpty();
        assertThat(parse("global:\nscrape_configs:\n").jobNames()).isEmpty();
        assertThat(parse("").global().scrapeInterval()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            not-prometheus: 1 | prometheus.yml:1:1: not-prometheus: unknown key
            remote_read: [] | prometheus.yml:1:1: remote_read: is not supported here
            scrape_configs: [{}] | job_name is empty
            scrape_configs: [~] | expected a mapping
            scrape_configs: 5 | 5: expected a list
            scrape_configs: [{job_name: a}, {job_name: a}] | found multiple scrape configs with job name "a"
            scrape_configs: [{job_name: a, scrape_interval: 5s, scrape_timeout: 6s}] | scrape timeout greater than scrape interval
            scrape_configs: [{job_name: a, scrape_interval: 5}] | expected a duration
            scrape_configs: [{job_name: a, scheme: ftp}] | ftp: expected http or https
            scrape_configs: [{job_name: a, honor_labels: maybe}] | maybe: expected true or false
            scrape_configs: [{job_name: a, sample_limit: -1}] | -1: expected a whole number
            scrape_configs: [{job_name: a, body_size_limit: 10 potatoes}] | expected a size
            scrape_configs: [{job_name: a, ec2_sd_configs: []}] | prometheus.yml:1:32: scrape_configs[0].ec2_sd_configs: this kind of service discovery is not supported
            scrape_configs: [{job_name: a, oauth2: {}}] | oauth2: is not supported here
            scrape_configs: [{job_name: a, proxy_url: 'http://x'}] | proxy_url: is not supported here
            scrape_configs: [{job_name: a, scrape_protocols: []}] | scrape_protocols cannot be empty
            scrape_configs: [{job_name: a, scrape_protocols: [PrometheusProto]}] | PrometheusProto is not supported here
            scrape_configs: [{job_name: a, scrape_native_histograms: true}] | native histograms are not supported
            scrape_configs: [{job_name: a, file_sd_configs: [{files: [x.txt]}]}] | path name "x.txt" is not valid for file discovery
            scrape_configs: [{job_name: a, http_sd_configs: [{url: nowhere}]}] | expected an address such as
            scrape_configs: [{job_name: a, static_configs: [{targets: ['http://x']}]}] | "http://x" is not a valid hostname
            scrape_configs: [{job_name: a, static_configs: [{targats: [x]}]}] | targats: unknown key
            scrape_configs: [{job_name: a, basic_auth: {username: x}, bearer_token: y}] | at most one of basic_auth
            scrape_configs: [{job_name: a, authorization: {credentials_file: nothing.here}}] | there is no such file
            scrape_configs: [{job_name: a, authorization: {type: Basic, credentials: x}}] | use "basic_auth" instead
            scrape_configs: [{job_name: a, tls_config: {cert: x}}] | needs both cert and key
            scrape_configs: [{job_name: a, tls_config: {server_name: x}}] | server_name: is not supported here
            global: {scrape_interval: 5s, scrape_timeout: 10s} | global scrape timeout greater than scrape interval
            global: {query_log_file: x} | query_log_file: is not supported here
            global: {metric_name_validation_scheme: legacy} | only utf8 is supported here
            """)
    void whatIsWrongOrUnsupportedIsRefusedByName(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void allFaultsAreToldAtOnce() {
        assertThatThrownBy(() -> parse("nonsense: 1\nscrape_configs:\n  - job_name: a\n    scheme: ftp\n    what: 1\n"))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.problems()).hasSize(3));
    }

    @Test
    void theJobsInTheRepositoryAreTaken() throws Exception {
        Path shipped = Path.of("..", "prometheus", "prometheus.yml");
        assertThat(ScrapeConfig.read(shipped).jobNames()).contains("sensor", "host", "etcd");
    }

    @Test
    void jobsMayStandInFilesOfTheirOwn() throws Exception {
        Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(folder.resolve("jobs/token"), "secret");
        Files.writeString(
                folder.resolve("jobs/a.yml"),
                "scrape_configs: [{job_name: a, authorization: {credentials_file: token}}, {job_name: b}]\n");
        Files.writeString(folder.resolve("jobs/empty.yml"), "");
        Path main = folder.resolve("prometheus.yml");
        Files.writeString(main, """
                global: {scrape_interval: 7s}
                scrape_configs: [{job_name: own}]
                scrape_config_files: ["jobs/*.yml"]
                """);
        ScrapeConfig config = ScrapeConfig.read(main);
        assertThat(config.jobNames()).containsExactly("own", "a", "b");
        assertThat(config.jobs().get(2).settings().interval()).isEqualTo(Duration.ofSeconds(7));
        Files.writeString(folder.resolve("jobs/z.yml"), "global: {}\nscrape_configs: [{job_name: own}]\n");
        Files.writeString(folder.resolve("jobs/list.yml"), "[]\n");
        assertThatThrownBy(() -> ScrapeConfig.read(main))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("z.yml:1:1: global: unknown key")
                .hasMessageContaining("multiple scrape configs with job name \"own\"")
                .hasMessageContaining("list.yml: expected a mapping, this is a list");
        Files.writeString(main, "scrape_config_files: [nothing.yml]\n");
        assertThatThrownBy(() -> ScrapeConfig.read(main)).hasMessageContaining("nothing.yml: there is no such file");
    }

    @Test
    void aMutilatedFileNeverEscapesAsAnythingButAConfigException() {
        Random random = new Random(4);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder(FULL);
            for (int cuts = random.nextInt(4); cuts >= 0; cuts--) {
                int at = random.nextInt(text.length() - 10);
                switch (random.nextInt(3)) {
                    case 0 -> text.delete(at, at + random.nextInt(10));
                    case 1 -> text.setCharAt(at, (char) (random.nextInt(90) + 33));
                    default -> text.insert(at, text.substring(at, at + 9));
                }
            }
            try {
                parse(text.toString());
            } catch (ConfigException expected) {
                assertThat(expected.problems()).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prometheus-config.good.yml",
                "prometheus-config.lint.yml",
                "prometheus-config.lint.too_long_scrape_interval.yml",
                "authorization_credentials_file.good.yml",
                "config_with_rule_files.yml",
                "config_with_service_discovery_files.yml",
                "url_in_scrape_targetgroup_with_relabel_config.good.yml",
            })
    void publishedGoodConfigurationsLoad(String name) throws Exception {
        ScrapeConfig.read(corpus().resolve(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            prometheus-config.bad.yml | not-prometheus: unknown key
            authorization_credentials_file.bad.yml | there is no such file
            url_in_scrape_targetgroup_with_relabel_config.bad.yml | "http://bad" is not a valid hostname
            config_with_tls_files.yml | there is no such file
            prometheus-aws-sd-empty-region.good.yml | ec2_sd_configs: this kind of service discovery is not supported
            """)
    void publishedBadAndUnsupportedConfigurationsAreRefused(String name, String message) throws IOException {
        Path file = corpus().resolve(name);
        assertThatThrownBy(() -> ScrapeConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message)
                .hasMessageMatching("(?s).*" + Pattern.quote(name) + ":\\d+:\\d+: .*");
    }

    @Test
    void publishedDiscoveryFilesAreReadOrRefused() throws Exception {
        for (String name : new String[] {"good-sd-file.json", "good-sd-file.yml", "good-sd-file.yaml"}) {
            assertThat(TargetGroup.parse(name, Files.readString(corpus().resolve(name)), Labels.EMPTY))
                    .anySatisfy(group -> assertThat(group.addresses()).containsExactly("localhost:9100"));
        }
        String bad = Files.readString(corpus().resolve("bad-sd-file-format.yml"));
        assertThatThrownBy(() -> TargetGroup.parse("bad", bad, Labels.EMPTY)).isInstanceOf(ConfigException.class);
    }

    private static Path corpus() {
        String samples = System.getenv("EMBERWATCH_CORPUS");
        Assumptions.assumeTrue(samples != null, "EMBERWATCH_CORPUS is not set");
        return Path.of(samples, "promtool", "promtool-3.14");
    }

    @Test
    void secretsAreReadFromFilesWhenTheyAreNeeded() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "first\n");
        ScrapeConfig config = ScrapeConfig.parse(
                folder.resolve("prometheus.yml").toString(),
                "scrape_configs: [{job_name: a, authorization: {credentials_file: secret}}]");
        Credential credential = config.jobs().get(0).settings().http().credentials();
        assertThat(credential.reveal()).isEqualTo("first");
        Files.writeString(secret, "second\n");
        assertThat(credential.reveal()).isEqualTo("second");
        assertThat(parse("scrape_configs: [{job_name: a, bearer_token: hidden}]")
                        .jobs()
                        .toString())
                .doesNotContain("hidden");
    }
}
