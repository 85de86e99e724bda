package io.emberwatch.model.text;

import static io.emberwatch.model.text.TextFormat.OPENMETRICS_1_0;
import static io.emberwatch.model.text.TextFormat.PROMETHEUS_0_0_4;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Prometheus 2.42
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                // Prometheus 3
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                        + "application/openmetrics-text;version=0.0.1;q=0.5,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "application/openmetrics-text",
                "Application/OpenMetrics-Text; Version=1.0.0; charset=utf-8",
                "application/openmetrics-text; version=\"1.0.0\"",
                "application/openmetrics-text;version=0.0.1",
                "application/*",
                "text/plain;q=0.5, application/openmetrics-text;q=0.500001",
                "text/plain;q=0, application/openmetrics-text;q=0.1",
                "text/*;q=0, */*;q=0.1",
                "application/openmetrics-text, */*",
                "application/openmetrics-text;q=0.5, */*;q=0.5",
                "application/openmetrics-text, text/plain",
            })
    void choosesOpenMetricsWhereItIsWantedMore(String accept) {
        assertThat(TextFormat.negotiate(accept)).isEqualTo(OPENMETRICS_1_0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "*/*",
                "text/plain",
                "text/plain;version=0.0.4",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "application/openmetrics-text;version=2.0.0",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text;q=0, */*",
                "application/openmetrics-text;q=0.0, */*;q=0.1",
                "application/openmetrics-text;q=0.4, text/plain;q=0.5",
                "application/openmetrics-text;version=1.0.0;q=0.4, */*;q=0.5",
                "application/openmetrics-text;q=2",
                "application/openmetrics-text;q=x",
                "application/openmetrics-text;q=",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
                "text/plain, application/openmetrics-text",
                "text/plain;q=0",
                "*/*;q=0",
                ";;;/,=;q",
                "application",
            })
    void choosesPlainTextOtherwise(String accept) {
        assertThat(TextFormat.negotiate(accept)).isEqualTo(PROMETHEUS_0_0_4);
    }

    @Test
    void choosesPlainTextWithoutAHeader() {
        assertThat(TextFormat.negotiate(null)).isEqualTo(PROMETHEUS_0_0_4);
    }
}
