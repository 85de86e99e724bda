package io.emberwatch.exporter.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SeriesTableTest {
    private static final SummaryShape MEDIAN = new SummaryShape(List.of(0.5), Duration.ofMinutes(10), 5);

    @Test
    void showsValuesHistogramsAndSummariesByName() {
        SeriesTable table = new SeriesTable(new SeriesLimits(100, 100));
        gauge(table, "z", "a", "1").set(1.5, 0);
        ((HistogramSeries) table.histogram("h", "Sizes.", Labels.EMPTY, new double[] {1, 2}, 0)
                        .series())
                .observe(1, 2, 0);
        ((SummarySeries) table.summary("s", "Times.", Labels.EMPTY, MEDIAN, 0).series()).observe(0.25, 4, 0);

        assertThat(ExpositionWriter.toText(table.families(0), TextFormat.PROMETHEUS_0_0_4))
                .isEqualTo("""
                        # HELP h Sizes.
                        # TYPE h histogram
                        h_bucket{le="1"} 2
                        h_bucket{le="2"} 2
                        h_bucket{le="+Inf"} 2
                        h_sum 2
                        h_count 2
                        # HELP s Times.
                        # TYPE s summary
                        s{quantile="0.5"} 0.25
                        s_sum 1
                        s_count 4
                        # TYPE z gauge
                        z{a="1"} 1.5
                        """);
    }

    @Test
    void refusesAnotherTypeAndNamesOfSamplesThatExist() {
        SeriesTable table = new SeriesTable(new SeriesLimits(100, 100));
        gauge(table, "taken_sum", "a", "1");
        table.summary("s", "", Labels.EMPTY, MEDIAN, 0);

        assertThat(table.value("s", MetricType.GAUGE, "", Labels.EMPTY, 0).refusal())
                .isEqualTo(Refusal.CONFLICT);
        assertThat(table.value("s_count", MetricType.GAUGE, "", Labels.EMPTY, 0).refusal())
                .isEqualTo(Refusal.CONFLICT);
        assertThat(table.summary("taken", "", Labels.EMPTY, MEDIAN, 0).refusal())
                .isEqualTo(Refusal.CONFLICT);
        assertThat(table.value("s_total", MetricType.GAUGE, "", Labels.EMPTY, 0).refusal())
                .isNull();
    }

    @Test
    void holdsNoMoreThanItsLimitsAndTakesAgainWhatHasRoom() {
        SeriesTable table = new SeriesTable(new SeriesLimits(3, 2));
        gauge(table, "a", "n", "1").touch(0);
        gauge(table, "a", "n", "2").touch(5000);

        assertThat(table.value("a", MetricType.GAUGE, "", Labels.of("n", "3"), 0)
                        .refusal())
                .isEqualTo(Refusal.METRIC_LIMIT);
        gauge(table, "b", "n", "1").touch(5000);
        assertThat(table.value("c", MetricType.GAUGE, "", Labels.EMPTY, 0).refusal())
                .isEqualTo(Refusal.SERIES_LIMIT);

        long before = table.generation();
        table.expire(1001);

        assertThat(table.generation()).isGreaterThan(before);
        assertThat(table.expired()).isEqualTo(1);
        assertThat(table.value("c", MetricType.GAUGE, "", Labels.EMPTY, 0).refusal())
                .isNull();
        assertThat(table.lines()).isEqualTo(3);
    }

    @Test
    void aClockThatJumpsBackExpiresNothingThenAndNothingTooLate() {
        SeriesTable table = new SeriesTable(new SeriesLimits(100, 100));
        gauge(table, "a", "n", "1").touch(10_000_000);
        table.expire(10_000_500);
        table.expire(5_000);
        assertThat(page(table, 5_000)).contains("a{n=\"1\"}");
        table.expire(6_001);
        assertThat(table.expired()).isEqualTo(1);
    }

    @Test
    void refusesSeriesWhoseNamesWouldTakeTooMuchMemory() {
        SeriesTable table = new SeriesTable(new SeriesLimits(1_000_000, 1_000_000));
        String large = "x".repeat(8 << 20);
        Refusal refusal = null;
        for (int i = 0; refusal == null && i < 100; i++) {
            refusal = table.value("m", MetricType.GAUGE, "", Labels.of("l", i + large), 0)
                    .refusal();
        }

        assertThat(refusal).isEqualTo(Refusal.SERIES_LIMIT);
    }

    @Test
    void forgetsObservationsOfASummaryAfterTheirTimeButNotTheirSum() {
        SeriesTable table = new SeriesTable(new SeriesLimits(100, 100));
        SummarySeries summary =
                (SummarySeries) table.summary("s", "", Labels.EMPTY, MEDIAN, 0).series();
        assertThat(summary).isNotNull();
        summary.observe(1, 1, 0);
        summary.observe(9, 1, 480_000);

        assertThat(page(table, 500_000)).contains("s{quantile=\"0.5\"} 1\n");
        assertThat(page(table, 700_000)).contains("s{quantile=\"0.5\"} 9\n", "s_sum 10\n", "s_count 2\n");
        assertThat(page(table, 5_000_000)).contains("s{quantile=\"0.5\"} NaN\n", "s_count 2\n");
    }

    private static String page(SeriesTable table, long now) {
        return ExpositionWriter.toText(table.families(now), TextFormat.PROMETHEUS_0_0_4);
    }

    private static ValueSeries gauge(SeriesTable table, String name, String label, String value) {
        Admission admission = table.value(name, MetricType.GAUGE, "", Labels.of(label, value), 1000);
        assertThat(admission.refusal()).isNull();
        return (ValueSeries) admission.series();
    }
}
