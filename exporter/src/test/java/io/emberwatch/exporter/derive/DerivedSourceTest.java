package io.emberwatch.exporter.derive;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DerivedSourceTest {
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_700_000_000));
    private final SampleSource readout = new SampleSource() {
        @Override
        public String name() {
            return "readout";
        }

        @Override
        public List<MetricFamily> collect(Deadline deadline) {
            return List.of(
                    MetricFamily.counter("readout_pages_total", "Pages.", pages),
                    MetricFamily.gauge("readout_state", "State.", 3),
                    MetricFamily.of(
                            "readout_seconds",
                            MetricType.HISTOGRAM,
                            "Time.",
                            List.of(MetricPoint.of("readout_seconds_count", Labels.EMPTY, pages))));
        }
    };
    private double pages;

    private Source source(String rules) throws Exception {
        PageDerivation wanted = ConfigReader.parse("derive.yml", rules, PageDerivation.class);
        return DerivedSource.of(Source.of(readout), List.of(wanted), clock);
    }

    private String page(Source source, double value) throws IOException {
        pages = value;
        return ExpositionWriter.toText(
                source.samples().collect(Deadline.after(Duration.ofSeconds(5))), TextFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void aRateAndAnIncrementStandBesideTheirMetric() throws Exception {
        Source source = source("rules: [{match: '.*', mode: rate}, {match: readout_state, mode: increment}]");
        page(source, 10);
        clock.set(clock.instant().plusSeconds(2));
        assertThat(page(source, 40)).isEqualTo("""
                # HELP readout_pages_total Pages.
                # TYPE readout_pages_total counter
                readout_pages_total 40
                # HELP readout_state State.
                # TYPE readout_state gauge
                readout_state 3
                # HELP readout_seconds Time.
                # TYPE readout_seconds histogram
                readout_seconds_count 40
                # HELP readout_pages_total_rate Change of readout_pages_total per second between two readings.
                # TYPE readout_pages_total_rate gauge
                readout_pages_total_rate 15
                # HELP readout_state_rate Change of readout_state per second between two readings.
                # TYPE readout_state_rate gauge
                readout_state_rate 0
                # HELP readout_state_increment Sum of all readings of readout_state.
                # TYPE readout_state_increment gauge
                readout_state_increment 6
                """);
    }

    @Test
    void whatHasNotChangedIsLeftOutForSoLong() throws Exception {
        Source source = source("rules: [{match: readout_state, mode: suppress, at_least_every: 10s}]");
        assertThat(page(source, 1)).contains("readout_state 3\n");
        clock.set(clock.instant().plusSeconds(9));
        assertThat(page(source, 1)).doesNotContain("readout_state").contains("readout_pages_total 1\n");
        clock.set(clock.instant().plusSeconds(1));
        assertThat(page(source, 1)).contains("readout_state 3\n");
    }

    @Test
    void twoScrapersAtOnceSeeTheSameRate() throws Exception {
        Source source = source("rules: [{match: readout_pages_total, mode: rate}]");
        page(source, 0);
        clock.set(clock.instant().plusSeconds(1));
        assertThat(page(source, 5)).contains("readout_pages_total_rate 5\n");
        clock.set(clock.instant().plusMillis(3));
        assertThat(page(source, 6)).contains("readout_pages_total_rate 5\n");
    }

    @Test
    void otherSourcesAreAsTheyWere() throws Exception {
        assertThat(source("{sources: [host], rules: [{match: a, mode: rate}]}")).isEqualTo(Source.of(readout));
        assertThat(source("{sources: [readout], rules: [{match: a, mode: rate}]}"))
                .as("a reload keeps what it has seen")
                .isEqualTo(source("{sources: [readout], rules: [{match: a, mode: rate}]}"))
                .isNotEqualTo(source("{sources: [readout], rules: [{match: b, mode: rate}]}"));
    }
}
