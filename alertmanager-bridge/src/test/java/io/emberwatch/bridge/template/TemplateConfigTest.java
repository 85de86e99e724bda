package io.emberwatch.bridge.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.bridge.Samples;
import io.emberwatch.model.Labels;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateConfigTest {
    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    {{ alert.nmae }} => nmae
                    {{ alerts.name }} => alerts
                    {{ group.label.cluster }} => label
                    {{ alert.name => line 1
                    {% if alert.firing %}x => line 1
                    {{ alert.name | shout }} => shout
                    {% include 'x' %} => include
                    {% autoescape false %}{{ alert.name }}{% endautoescape %} => autoescape
                    """)
    void whatCannotWorkIsRefusedBeforeItIsNeeded(String template, String named) {
        assertThatThrownBy(() -> new TemplateConfig(null, template, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("alert: ")
                .hasMessageContaining(named);
    }

    @Test
    void nothingPrintsWithoutEscaping() {
        assertThatThrownBy(() -> new TemplateConfig(null, null, "{{ alert.name | raw }}"))
                .hasMessageContaining("raw");
        assertThatThrownBy(() -> new TemplateConfig("{{ alert.name }}", null, null))
                .as("a title knows the group alone")
                .hasMessageContaining("alert");
    }

    @Test
    void anAlertWithoutALabelPrintsNothingForItAndItsValueAndDurationAreThere() {
        TemplateConfig config = new TemplateConfig(
                null,
                "{{ alert.name }} [{{ alert.labels.team }}] {{ alert.value }} since {{ alert.since }} for {{ alert.duration }}",
                "<b>{{ alert.name }}</b>");
        Templates templates = new Templates(config, UnaryOperator.identity(), Samples.STYLE, () -> {});
        AtomicBoolean failed = new AtomicBoolean();
        var alert = Samples.alert(true, Labels.of("alertname", "<Ill>"), Labels.of("value", "97.3%"));
        assertThat(templates.alert(Samples.message(alert), alert, failed))
                .isEqualTo("<Ill> [] 97.3% since 2026-11-21 12:01:03 UTC for 8m");
        assertThat(templates.html(Samples.message(alert), alert, failed)).isEqualTo("<b>&lt;Ill&gt;</b>");
        assertThat(failed).isFalse();
    }
}
