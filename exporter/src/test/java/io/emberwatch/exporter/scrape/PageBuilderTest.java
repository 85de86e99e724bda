package io.emberwatch.exporter.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.prometheus.client.CollectorRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageBuilderTest {
    private final ExporterMetrics metrics = new ExporterMetrics(new CollectorRegistry());
    private final ExporterMetrics.PageMetrics first = metrics.source("first").page();
    private final ExporterMetrics.PageMetrics second = metrics.source("second").page();
    private final PageBuilder page = new PageBuilder(100, new KnownFamilies());

    private String text() {
        return ExpositionWriter.toText(page.families(), TextFormat.PROMETHEUS_0_0_4);
    }

    private String counted() {
        return ExpositionWriter.toText(metrics.ownFamilies(), TextFormat.PROMETHEUS_0_0_4);
    }

    private static MetricPoint point(String name, double value, String... labels) {
        return MetricPoint.of(name, Labels.of(labels), value);
    }

    private static MetricFamily family(String name, MetricType type, MetricPoint... points) {
        return MetricFamily.of(name, type, "", List.of(points));
    }

    @Test
    void aFamilyOfTwoSourcesIsOneFamily() {
        page.add(List.of(family("up", MetricType.GAUGE, point("up", 1, "job", "a"))), first);
        page.add(List.of(family("up", MetricType.GAUGE, point("up", 0, "job", "b"))), second);

        assertThat(text()).isEqualTo("# TYPE up gauge\nup{job=\"a\"} 1\nup{job=\"b\"} 0\n");
        assertThat(counted()).contains("emberwatch_exporter_duplicate_samples_total{source=\"second\"} 0\n");
    }

    @Test
    void ofTwoEqualSeriesTheLaterWins() {
        page.add(List.of(family("x", MetricType.GAUGE, point("x", 1), point("x", 2))), first);
        page.add(List.of(family("x", MetricType.GAUGE, point("x", 3))), second);

        assertThat(text()).isEqualTo("# TYPE x gauge\nx 3\n");
        assertThat(counted())
                .contains("emberwatch_exporter_duplicate_samples_total{source=\"first\"} 1\n")
                .contains("emberwatch_exporter_duplicate_samples_total{source=\"second\"} 1\n");
    }

    @Test
    void ofTwoTypesTheLaterWinsAndSamplesOfTheOldOneGo() {
        page.add(
                List.of(family(
                        "x",
                        MetricType.HISTOGRAM,
                        point("x_bucket", 1, "le", "+Inf"),
                        point("x_sum", 1),
                        point("x_count", 1))),
                first);
        page.add(List.of(family("x", MetricType.GAUGE, point("x", 3))), second);

        assertThat(text()).isEqualTo("# TYPE x gauge\nx 3\n");
        assertThat(counted())
                .contains("emberwatch_exporter_conflicting_families_total{source=\"second\"} 1\n")
                .contains("emberwatch_exporter_dropped_samples_total{reason=\"conflict\",source=\"second\"} 3\n");
    }

    @Test
    void aSampleOfAnotherNameGetsItsOwnFamily() {
        page.add(
                List.of(
                        family("x_total", MetricType.COUNTER, point("x_total", 1), point("x_created", 2)),
                        family("x_created", MetricType.GAUGE, point("x_created", 3, "a", "b"))),
                first);

        assertThat(text())
                .isEqualTo(
                        "# TYPE x_total counter\nx_total 1\n# TYPE x_created gauge\nx_created 2\nx_created{a=\"b\"} 3\n");
    }

    @Test
    void aFamilyNamedAsTheSamplesOfASummaryIsLeftOut() {
        page.add(List.of(family("x_count", MetricType.COUNTER, point("x_count", 7))), first);
        page.add(
                List.of(family("x", MetricType.SUMMARY, point("x", 1, "quantile", "0.5"), point("x_count", 2))),
                second);

        assertThat(text()).isEqualTo("# TYPE x summary\nx{quantile=\"0.5\"} 1\nx_count 2\n");
        assertThat(counted())
                .contains("emberwatch_exporter_dropped_samples_total{reason=\"conflict\",source=\"first\"} 1\n");
    }

    @Test
    void boundsThatAreNoNumbersAreLeftOut() {
        page.add(
                List.of(
                        family("x", MetricType.SUMMARY, point("x", 1, "quantile", "half"), point("x", 1)),
                        family("y", MetricType.HISTOGRAM, point("y_bucket", 1, "le", ""), point("y_count", 2))),
                first);

        assertThat(text()).isEqualTo("# TYPE y histogram\ny_count 2\n");
        assertThat(counted())
                .contains("emberwatch_exporter_dropped_samples_total{reason=\"invalid\",source=\"first\"} 3\n");
    }

    @Test
    void invalidNamesThatMeetOnceTheyAreValidAreOneSeriesOrToldApart() {
        page.add(
                List.of(
                        family("a.b", MetricType.GAUGE, point("a.b", 1)),
                        family("a-b", MetricType.GAUGE, point("a-b", 2, "x.y", "1", "x-y", "2", "x_y", "3"))),
                first);

        assertThat(text()).isEqualTo("# TYPE a_b gauge\na_b 1\na_b{x_y=\"3\",x_y_=\"2\",x_y__=\"1\"} 2\n");
        assertThat(counted()).contains("emberwatch_exporter_invalid_names_total{source=\"first\"} 6\n");
    }

    @Test
    void asManySamplesOfASourceAreShownAsItMayHave() {
        MetricPoint[] many = new MetricPoint[150];
        for (int i = 0; i < many.length; i++) {
            many[i] = point("x", i, "n", Integer.toString(i));
        }
        page.add(List.of(family("x", MetricType.GAUGE, many), family("y", MetricType.GAUGE, point("y", 1))), first);
        page.add(List.of(family("z", MetricType.GAUGE, point("z", 1))), second);

        assertThat(text().lines()).hasSize(1 + 100 + 2);
        assertThat(counted())
                .contains("emberwatch_exporter_dropped_samples_total{reason=\"limit\",source=\"first\"} 51\n");
    }
}
