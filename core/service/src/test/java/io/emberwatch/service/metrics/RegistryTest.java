package io.emberwatch.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.Enumeration;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.Info;
import io.prometheus.client.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private final CollectorRegistry registry = new CollectorRegistry();

    private String page() throws IOException {
        List<MetricFamily> families = Registry.families(registry).stream()
                .sorted(Comparator.comparing(MetricFamily::name))
                .toList();
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        ExpositionWriter.write(families, TextFormat.PROMETHEUS_0_0_4, page);
        return page.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyKindOfCollectorIsShownUnderItsEstablishedName() throws IOException {
        Counter lines = Counter.build("ember_lines_total", "Lines read.")
                .labelNames("sensor")
                .register(registry);
        lines.labels("b").inc(2);
        lines.labels("a");
        Counter.build("ember_plain", "A counter without suffix.")
                .register(registry)
                .inc();
        Gauge.build("ember_up", "Whether it is \"up\".").register(registry).set(-0.5);
        Gauge.build("ember_file_created", "A gauge whose name ends like a counter's companion.")
                .register(registry)
                .set(7);
        Histogram.build("ember_seconds", "Time taken.")
                .buckets(0.5, 1)
                .register(registry)
                .observe(0.7);
        Summary.build("ember_bytes", "Sizes.").register(registry).observe(3);
        Info.build("ember_build", "Version.").register(registry).info("version", "1");
        Enumeration.build("ember_state", "State.").states("on", "off").register(registry);

        assertThat(page()).isEqualTo("""
                        # HELP ember_build_info Version.
                        # TYPE ember_build_info gauge
                        ember_build_info{version="1"} 1
                        # HELP ember_bytes Sizes.
                        # TYPE ember_bytes summary
                        ember_bytes_sum 3
                        ember_bytes_count 1
                        # HELP ember_file_created A gauge whose name ends like a counter's companion.
                        # TYPE ember_file_created gauge
                        ember_file_created 7
                        # HELP ember_lines_total Lines read.
                        # TYPE ember_lines_total counter
                        ember_lines_total{sensor="a"} 0
                        ember_lines_total{sensor="b"} 2
                        # HELP ember_plain_total A counter without suffix.
                        # TYPE ember_plain_total counter
                        ember_plain_total 1
                        # HELP ember_seconds Time taken.
                        # TYPE ember_seconds histogram
                        ember_seconds_bucket{le="0.5"} 0
                        ember_seconds_bucket{le="1.0"} 1
                        ember_seconds_bucket{le="+Inf"} 1
                        ember_seconds_sum 0.7
                        ember_seconds_count 1
                        # HELP ember_state State.
                        # TYPE ember_state gauge
                        ember_state{ember_state="on"} 1
                        ember_state{ember_state="off"} 0
                        # HELP ember_up Whether it is "up".
                        # TYPE ember_up gauge
                        ember_up -0.5
                        """);
    }

    @Test
    void timestampsOfForeignCollectorsAreKept() {
        registry.register(new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                return List.of(new MetricFamilySamples(
                        "foreign",
                        Type.GAUGE,
                        "Foreign.",
                        List.of(
                                new MetricFamilySamples.Sample("foreign", List.of("k"), List.of("v"), 1, 1234L),
                                new MetricFamilySamples.Sample("foreign", List.of(), List.of(), 2))));
            }
        });

        MetricFamily family = Registry.families(registry).get(0);

        assertThat(family.type()).isEqualTo(MetricType.GAUGE);
        assertThat(family.points())
                .extracting(MetricPoint::timestampMillis)
                .containsExactly(1234L, MetricPoint.NO_TIMESTAMP);
        assertThat(family.points().get(0).key()).hasToString("foreign{k=\"v\"}");
    }

    @Test
    void foreignCountersKeepOneSuffix() {
        registry.register(new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                return List.of(new CounterMetricFamily("seen_total", "Seen.", 3));
            }
        });

        MetricFamily family = Registry.families(registry).get(0);

        assertThat(family.name()).isEqualTo("seen_total");
        assertThat(family.points().get(0).key()).hasToString("seen_total{}");
    }

    @Test
    void emptyRegistryHasNoFamilies() {
        assertThat(Registry.families(registry)).isEmpty();
    }
}
