package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.BridgeService;
import io.emberwatch.exporter.ExporterConfig;
import io.emberwatch.exporter.ExporterService;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.push.CollectorService;
import io.emberwatch.push.PushConfig;
import io.emberwatch.push.PushService;
import io.emberwatch.rules.RulesService;
import io.emberwatch.scorer.ScorerService;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/metrics.md says what the services say of themselves. With {@code -Demberwatch.docs=rewrite} the document is written
 * anew instead of compared.
 */
final class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/metrics.md");
    private static final Pattern FOREIGN = Pattern.compile("(node|jvm|process|sensor|etcd|nginx)_.*");

    private static final String EXPORTER = """
            sensors: [{name: simulated}]
            etcd: {clusters: [{name: prod, members: [{url: "http://127.0.0.1:1"}]}]}
            services: {nginx: ["http://127.0.0.1:1/status"]}
            influx: {listeners: [{address: 'udp://127.0.0.1:0'}, {address: 'tcp://127.0.0.1:0'}]}
            statsd: {listeners: [{address: 'udp://127.0.0.1:0'}]}
            graphite: {listeners: [{address: 'tcp://127.0.0.1:0'}]}
            rabbitmq_publish: {endpoints: [{path: /publish/orders, routing_key: orders}]}
            tails: [{name: log, paths: [/no/such.log], rules: [{name: tail_example, type: gauge, value: v}]}]
            execs: [{name: program, command: [/no/such/program]}]
            scripts: [{name: script, command: [/no/such/script]}]
            json: {modules: {default: {}}}
            push: [{name: nobody, target: nobody}]
            """;

    @TempDir
    private Path folder;

    @Test
    void theDocumentListsEveryMetricOfEveryService() throws Exception {
        ManualClock clock = ManualClock.atEpoch();
        ServiceContext context = new ServiceContext(clock, new ManualScheduler(clock), folder, Path.of(".."));
        EmberwatchConfig config = EmberwatchConfig.read(null);
        StringBuilder page = new StringBuilder("""
                # Metrics

                What each service tells of itself on `/metrics`. Written by `MetricsDocumentTest` from the services' own
                declarations; `mvn -pl launcher -am test -Dtest=MetricsDocumentTest -Demberwatch.docs=rewrite
                -Dsurefire.failIfNoSpecifiedTests=false` writes it anew.

                What the services measure has the names of its own field: `node_*` as node_exporter, `etcd_*` as etcd,
                `sensor_*` as the configuration says, `prometheus_*` where the rule engine does Prometheus' work.
                """);
        document(page, "exporter", exporterPage());
        document(page, "rules", new RulesService(config.rules(), context, alerts -> {}, null).metrics());
        document(page, "scorer", scorerPage(config));
        document(page, "bridge", new BridgeService(config.bridge(), context).metrics());
        List<MetricFamily> push = new ArrayList<>(new PushService(config.push(), context).metrics());
        PushConfig collecting = ConfigReader.parse("push.yml", "collector: {}", PushConfig.class);
        push.addAll(
                Objects.requireNonNull(CollectorService.of(collecting, context)).metrics());
        document(page, "push", push);

        if ("rewrite".equals(System.getProperty("emberwatch.docs"))) {
            Files.writeString(DOCUMENT, page);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(page.toString());
    }

    // A member with two weeks of a steady past and an hour that is not, so that all that is told beside a score is
    // told.
    private List<MetricFamily> scorerPage(EmberwatchConfig config) throws Exception {
        Instant unusual = Instant.parse("2026-03-20T08:00:00Z");
        ManualClock clock = new ManualClock(unusual.plus(Duration.ofMinutes(60)));
        ManualScheduler scheduler = new ManualScheduler(clock);
        ScorerService scorer = new ScorerService(
                config.scorer(), new ServiceContext(clock, scheduler, folder, Path.of("..")), new OneMember(unusual));
        scorer.start();
        scheduler.advance(Duration.ofMinutes(40));
        scorer.stop();
        return scorer.metrics();
    }

    // A sensor that speaks, and servers that do not, so that what is told of all of them is on the page.
    private List<MetricFamily> exporterPage() throws Exception {
        try (ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system())) {
            ExporterService exporter = new ExporterService(
                    ConfigReader.parse("exporter.yml", EXPORTER, ExporterConfig.class),
                    new ServiceContext(InstantSource.system(), scheduler, folder, Path.of("..")),
                    List.of(),
                    List.of("sh", "-c", "echo 7 5000000 1; sleep 20"),
                    false);
            String page = exporter.once(TextFormat.PROMETHEUS_0_0_4);
            exporter.stop();
            return ExpositionParser.parseFamilies(page.getBytes(StandardCharsets.UTF_8), TextFormat.PROMETHEUS_0_0_4);
        }
    }

    private static void document(StringBuilder page, String service, List<MetricFamily> families) {
        page.append("\n## ").append(service).append("\n\n| name | type | meaning |\n|---|---|---|\n");
        families.stream()
                .filter(family -> !FOREIGN.matcher(family.name()).matches())
                .sorted(Comparator.comparing(MetricFamily::name))
                .forEach(family -> page.append("| `%s` | %s | %s |%n"
                        .formatted(
                                family.name(),
                                family.type().text(),
                                family.help().replace("|", "\\|"))));
    }

    /** Answers every query with one member of one cluster. */
    private record OneMember(Instant unusual) implements QuerySource {
        private static final Labels LABELS = Labels.of("cluster", "prod", "instance", "etcd-0");

        @Override
        public QueryResult instant(String expression, Instant at) {
            double value = expression.equals("etcd_server_is_learner") ? 0 : 1;
            return QueryResult.of(new QueryValue.Vector(List.of(new Sample(LABELS, at.toEpochMilli(), value))));
        }

        @Override
        public QueryResult range(String expression, Instant start, Instant end, Duration step) {
            int size = (int) Duration.between(start, end).dividedBy(step) + 1;
            long[] times = new long[size];
            double[] values = new double[size];
            for (int i = 0; i < size; i++) {
                Instant at = start.plus(step.multipliedBy(i));
                times[i] = at.toEpochMilli();
                double day = Math.sin(
                        at.getEpochSecond() * 2 * Math.PI / Duration.ofDays(1).toSeconds());
                double noise = new SplittableRandom(at.getEpochSecond()).nextDouble();
                boolean share = expression.contains("quota") || expression.contains("max_fds");
                values[i] = share ? (double) i / size : (2 + day + noise) * (at.isBefore(unusual) ? 1 : 3);
            }
            return QueryResult.of(new QueryValue.Matrix(List.of(new Series(LABELS, times, values))));
        }
    }
}
