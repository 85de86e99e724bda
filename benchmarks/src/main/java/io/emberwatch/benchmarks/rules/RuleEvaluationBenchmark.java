package io.emberwatch.benchmarks.rules;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.rules.engine.EngineQueries;
import io.emberwatch.rules.engine.RuleEnvironment;
import io.emberwatch.rules.engine.RuleEvents;
import io.emberwatch.rules.engine.RuleFileException;
import io.emberwatch.rules.engine.RuleFileLoader;
import io.emberwatch.rules.engine.RuleReplay;
import io.emberwatch.rules.engine.RuleSettings;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.rules.store.StoreMetrics;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Processor time of one evaluation of rules over 100 metrics of 100 series each, all in memory: Prometheus scrapes them
 * every two seconds and what it takes without rules is taken off; ours gets the same samples.
 */
public final class RuleEvaluationBenchmark implements Benchmark {
    private static final int METRICS = 100;
    private static final int SERIES = 100;
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final int WARM_SAMPLES = 35;
    private static final Duration PHASE = Duration.ofSeconds(10);
    private static final int ROUNDS = 5;

    private record Load(String rules, double bar) {}

    @Override
    public String name() {
        return "rules/evaluation";
    }

    @Override
    public String description() {
        return "one evaluation of 1 000 recording rules, of 10 000 firing alerts, of copies; Prometheus 2.42 on the same samples";
    }

    private static Map<String, Load> loads() {
        Map<String, Load> loads = new LinkedHashMap<>();
        loads.put("1 000 rules, sum by over 100 series", new Load(recording("sum by (zone) (m%1$d)", 1000), 0.33));
        loads.put(
                "1 000 rules, sum by of rate[1m] over 100 series",
                new Load(recording("sum by (zone) (rate(m%1$d[1m]))", 1000), 0.33));
        loads.put("100 rules that copy 100 series", new Load(recording("m%1$d * 2", 100), 0.5));
        String alert = "      - {alert: a%2$d, expr: m%1$d > 0";
        loads.put("10 000 firing alerts, bare", new Load(rules(alert + "}\n", 100), 0.5));
        loads.put(
                "10 000 firing alerts, a label and an annotation templated",
                new Load(
                        rules(
                                alert + ", labels: {severity: page, where: '{{ $labels.instance }}'},"
                                        + " annotations: {text: '{{ $labels.zone }} is at {{ $value }}'}}\n",
                                100),
                        0.1));
        return loads;
    }

    private static String recording(String expression, int count) {
        return rules("      - {record: 'r:%2$d', expr: '" + expression + "'}\n", count);
    }

    private static String rules(String rule, int count) {
        StringBuilder text = new StringBuilder("groups:\n  - name: g\n    interval: 2s\n    rules:\n");
        for (int i = 0; i < count; i++) {
            text.append(String.format(rule, i % METRICS, i));
        }
        return text.toString();
    }

    private static List<Sample> samples(List<Labels> labels, Instant at) {
        List<Sample> samples = new ArrayList<>(labels.size());
        long tick = at.getEpochSecond() / INTERVAL.toSeconds();
        for (int i = 0; i < labels.size(); i++) {
            samples.add(new Sample(labels.get(i), at.toEpochMilli(), value(tick, i % SERIES)));
        }
        return samples;
    }

    private static List<Labels> labels() {
        List<Labels> labels = new ArrayList<>(METRICS * SERIES);
        for (int metric = 0; metric < METRICS; metric++) {
            for (int series = 0; series < SERIES; series++) {
                labels.add(Labels.of(
                        "__name__",
                        "m" + metric,
                        "instance",
                        "host-" + series,
                        "job",
                        "bench",
                        "zone",
                        "z" + series % 5));
            }
        }
        return labels;
    }

    private static double value(long tick, int series) {
        return 1 + tick % 100_000 * (1 + series % 7) + series / 8.0;
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        Map<String, Double> peer = peer(report);
        for (Map.Entry<String, Load> load : loads().entrySet()) {
            double ours = ours(load.getValue().rules());
            report.atMost(
                    load.getKey(),
                    1000 * ours,
                    1000 * peer.getOrDefault(load.getKey(), Double.NaN),
                    "ms",
                    load.getValue().bar());
        }
    }

    private static double ours(String rules) throws IOException {
        SeriesStore store = SeriesStore.inMemory(StoreConfig.DEFAULT, new StoreMetrics(new CollectorRegistry()));
        EngineQueries queries = new EngineQueries(new QueryEngine(store, EngineOptions.defaults()));
        RuleEnvironment environment = new RuleEnvironment(
                queries,
                queries,
                store,
                alerts -> {},
                RuleSettings.defaults().withEvaluationInterval(INTERVAL),
                RuleEvents.NONE);
        RuleReplay replay;
        try {
            replay = new RuleReplay(
                    new RuleFileLoader(queries).parse("bench", rules).groups(), environment);
        } catch (RuleFileException e) {
            throw new IOException(e);
        }
        List<Labels> labels = labels();
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < WARM_SAMPLES; i++) {
            store.append(samples(labels, at));
            at = at.plus(INTERVAL);
        }
        double[] rounds = new double[ROUNDS];
        for (int round = -3; round < ROUNDS; round++) {
            double spent = 0;
            int evaluations = 8;
            for (int i = 0; i < evaluations; i++) {
                store.append(samples(labels, at));
                double before = Measured.ownCpuSeconds();
                replay.evaluate(at);
                spent += Measured.ownCpuSeconds() - before;
                at = at.plus(INTERVAL);
            }
            if (round >= 0) {
                rounds[round] = spent / evaluations;
            }
        }
        return Measured.median(rounds);
    }

    private static Map<String, Double> peer(Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bench-rules");
        HttpServer page = page();
        String config = "global: {scrape_interval: 2s, evaluation_interval: 2s}\nrule_files: [r.yml]\n"
                + "scrape_configs: [{job_name: bench, honor_labels: true, static_configs: [{targets: ['127.0.0.1:"
                + page.getAddress().getPort() + "']}]}]\n";
        Files.writeString(folder.resolve("r.yml"), "groups: []\n");
        Map<String, Double> spent = new LinkedHashMap<>();
        try (PrometheusPeer peer = PrometheusPeer.start(folder, config)) {
            report.say("Prometheus collects a minute of samples");
            PrometheusPeer.pause(Duration.ofSeconds(66));
            double idle = perSecond(peer);
            for (Map.Entry<String, Load> load : loads().entrySet()) {
                Files.writeString(folder.resolve("r.yml"), load.getValue().rules());
                peer.reload();
                PrometheusPeer.pause(Duration.ofSeconds(4));
                double before = peer.metric("prometheus_rule_group_iterations_total");
                double rate = perSecond(peer);
                double evaluations = peer.metric("prometheus_rule_group_iterations_total") - before;
                double missed = peer.metric("prometheus_rule_group_iterations_missed_total");
                double each = (rate - idle) * PHASE.toMillis() / 1000 / evaluations;
                report.say(String.format(
                        "Prometheus, %s: %.0f ms each, %.0f evaluations, %.0f missed, idle %.0f ms/s",
                        load.getKey(), 1000 * each, evaluations, missed, 1000 * idle));
                spent.put(load.getKey(), each);
            }
        } finally {
            page.stop(0);
        }
        return spent;
    }

    private static double perSecond(PrometheusPeer peer) throws IOException {
        double before = peer.cpuSeconds();
        long start = System.nanoTime();
        PrometheusPeer.pause(PHASE);
        return (peer.cpuSeconds() - before) * 1e9 / (System.nanoTime() - start);
    }

    private static HttpServer page() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        return server;
    }

    private static String text() {
        long tick = System.nanoTime() / INTERVAL.toNanos();
        StringBuilder text = new StringBuilder();
        for (int metric = 0; metric < METRICS; metric++) {
            text.append("# TYPE m").append(metric).append(" untyped\n");
            for (int series = 0; series < SERIES; series++) {
                text.append('m').append(metric).append("{instance=\"host-").append(series);
                text.append("\",job=\"bench\",zone=\"z").append(series % 5).append("\"} ");
                text.append(value(tick, series)).append('\n');
            }
        }
        return text.toString();
    }
}
