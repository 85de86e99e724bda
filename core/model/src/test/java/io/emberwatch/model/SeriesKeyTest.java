package io.emberwatch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SeriesKeyTest {
    @Test
    void isANameWithLabels() {
        SeriesKey key = SeriesKey.of("m", Labels.of("a", "1"));

        assertThat(key.toStored()).isEqualTo(Labels.of("__name__", "m", "a", "1"));
        assertThat(key).hasToString("m{a=\"1\"}");
        assertThat(key)
                .isEqualTo(SeriesKey.of("m", Labels.of("a", "1")))
                .hasSameHashCodeAs(SeriesKey.of("m", Labels.of("a", "1")))
                .isNotEqualTo(SeriesKey.of("n", Labels.of("a", "1")))
                .isNotEqualTo(SeriesKey.of("m", Labels.EMPTY));
    }

    @Test
    void equalsWhetherRenderedOrNot() {
        SeriesKey rendered = SeriesKey.of("m", Labels.EMPTY);
        rendered.keepText(new byte[] {'m', ' '});

        assertThat(rendered.text()).containsExactly('m', ' ');
        assertThat(rendered).isEqualTo(SeriesKey.of("m", Labels.EMPTY));
        assertThat(SeriesKey.of("m", Labels.EMPTY).text()).isNull();
    }

    @Test
    void refusesAnEmptyNameAndASecondOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesKey.of("", Labels.EMPTY))
                .withMessage("a metric name must not be empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesKey.of("m", Labels.of("__name__", "n")))
                .withMessage("m: the name is not one of the labels");
    }
}
