package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.BridgeService;
import io.emberwatch.exporter.ExporterService;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.push.PushService;
import io.emberwatch.rules.RulesService;
import io.emberwatch.scorer.ScorerService;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/metrics.md says what the services say of themselves. With {@code -Demberwatch.docs=rewrite} the document is written
 * anew instead of compared.
 */
final class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/metrics.md");
    private static final Pattern FOREIGN = Pattern.compile("(node|jvm|process|sensor|etcd)_.*");

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
        document(page, new ExporterService(config.exporter(), context, List.of(), List.of("true"), false));
        document(page, new RulesService(config.rules(), context, alerts -> {}, null));
        document(page, new ScorerService(config.scorer(), context, new NoSource()));
        document(page, new BridgeService(config.bridge(), context));
        document(page, new PushService(config.push(), context));

        if ("rewrite".equals(System.getProperty("emberwatch.docs"))) {
            Files.writeString(DOCUMENT, page);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(page.toString());
    }

    private static void document(StringBuilder page, Service service) {
        page.append("\n## ").append(service.name()).append("\n\n| name | type | meaning |\n|---|---|---|\n");
        service.metrics().stream()
                .filter(family -> !FOREIGN.matcher(family.name()).matches())
                .sorted(Comparator.comparing(MetricFamily::name))
                .forEach(family -> page.append("| `%s` | %s | %s |%n"
                        .formatted(
                                family.name(),
                                family.type().text(),
                                family.help().replace("|", "\\|"))));
    }

    private static final class NoSource implements QuerySource {
        @Override
        public QueryResult instant(String expression, Instant at) throws QueryException {
            throw new QueryException(QueryException.Kind.UNAVAILABLE, "nothing here");
        }

        @Override
        public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
            throw new QueryException(QueryException.Kind.UNAVAILABLE, "nothing here");
        }
    }
}
