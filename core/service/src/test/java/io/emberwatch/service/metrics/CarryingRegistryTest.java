package io.emberwatch.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import org.junit.jupiter.api.Test;

class CarryingRegistryTest {
    private final CarryingRegistry registry = new CarryingRegistry();

    @Test
    void aCounterGoesOnWhereTheOneBeforeItWas() {
        Counter before = counter("reason");
        before.labels("a").inc(3);
        before.labels("b").inc();
        Counter after = counter("reason");
        after.labels("a").inc();

        assertThat(registry.getSampleValue("x_total", new String[] {"reason"}, new String[] {"a"}))
                .isEqualTo(4);
        assertThat(registry.getSampleValue("x_total", new String[] {"reason"}, new String[] {"b"}))
                .isEqualTo(1);
        before.labels("a").inc();
        assertThat(after.labels("a").get()).isEqualTo(4);
    }

    @Test
    void aCounterWithoutLabelsGoesOnToo() {
        counter().inc(5);
        counter().inc();

        assertThat(registry.getSampleValue("x_total")).isEqualTo(6);
    }

    @Test
    void aCounterWithOtherLabelsBeginsAnew() {
        counter("reason").labels("a").inc(3);
        counter("reason", "peer").labels("a", "b").inc();

        assertThat(Registry.families(registry))
                .singleElement()
                .satisfies(family -> assertThat(family.points())
                        .singleElement()
                        .satisfies(point -> assertThat(point.value()).isEqualTo(1)));
    }

    @Test
    void othersBeginAnew() {
        Gauge.build("g", "G.").register(registry).set(3);
        Histogram.build("h", "H.").register(registry).observe(3);
        Gauge.build("g", "G.").register(registry);
        Histogram.build("h", "H.").register(registry);

        assertThat(registry.getSampleValue("g")).isZero();
        assertThat(registry.getSampleValue("h_count")).isZero();
    }

    @Test
    void whatWasTakenOutIsNotCarried() {
        Counter before = counter();
        before.inc();
        registry.unregister(before);
        counter();

        assertThat(registry.getSampleValue("x_total")).isZero();
    }

    private Counter counter(String... labels) {
        return Counter.build("x_total", "X.").labelNames(labels).register(registry);
    }
}
