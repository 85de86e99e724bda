package io.emberwatch.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quicktheories.core.Gen;

class FloatTextTest {
    @ParameterizedTest
    @CsvFileSource(resources = "go-value-text.tsv", delimiter = '\t')
    void printsAlertValuesAsPrometheusTemplatesDo(String value, String text) {
        assertThat(FloatText.formatV(FloatText.parse(value))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "shortest-digits.tsv", delimiter = '\t')
    void findsTheShortestDigits(String bits, String text) {
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));

        assertThat(FloatText.formatE(value)).isEqualTo(text);
        assertThat(FloatText.formatE(-value)).isEqualTo("-" + text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0e+00",
        "-0, -0, -0, -0e+00",
        "1, 1, 1, 1e+00",
        "-90, -90, -90, -9e+01",
        "100000, 100000, 100000, 1e+05",
        "1000000, 1e+06, 1000000, 1e+06",
        "16777216, 1.6777216e+07, 16777216, 1.6777216e+07",
        "46675919204, 4.6675919204e+10, 46675919204, 4.6675919204e+10",
        "0.000123456, 0.000123456, 0.000123456, 1.23456e-04",
        "0.000015, 1.5e-05, 0.000015, 1.5e-05",
        "1e23, 1e+23, 100000000000000000000000, 1e+23",
        "9007199254740993, 9.007199254740992e+15, 9007199254740992, 9.007199254740992e+15",
        "1e100, 1e+100, 1" + "0000000000" + "0000000000" + "0000000000" + "0000000000" + "0000000000" + "0000000000"
                + "0000000000" + "0000000000" + "0000000000" + "0000000000" + ", 1e+100",
        "2.2250738585072014E-308, 2.2250738585072014e-308, , 2.2250738585072014e-308",
        "NaN, NaN, NaN, NaN",
        "+Inf, +Inf, +Inf, +Inf",
        "-Inf, -Inf, -Inf, -Inf",
    })
    void printsEachOfGosFormats(String value, String general, String plain, String exponential) {
        double number = FloatText.parse(value);

        assertThat(FloatText.formatG(number)).isEqualTo(general);
        assertThat(FloatText.formatE(number)).isEqualTo(exponential);
        if (plain != null) {
            assertThat(FloatText.formatF(number)).isEqualTo(plain);
        }
    }

    @Test
    void printsTheLeastNumberWithAllItsZeros() {
        assertThat(FloatText.formatF(Double.MIN_VALUE)).isEqualTo("0." + "0".repeat(323) + "5");
    }

    @Test
    void everyFormatReadsBackEqual() {
        qt().withExamples(20_000).forAll(anyBits()).checkAssert(value -> {
            assertThat(FloatText.parse(FloatText.formatE(value))).isEqualTo(value);
            assertThat(FloatText.parse(FloatText.formatF(value))).isEqualTo(value);
            assertThat(FloatText.parse(FloatText.formatG(value))).isEqualTo(value);
        });
    }

    @Test
    void neverUsesMoreDigitsThanTheJdkAndIsNeverFurtherAway() {
        qt().withExamples(20_000)
                .forAll(anyBits())
                .assuming(value -> value != 0 && Double.isFinite(value))
                .checkAssert(value -> {
                    BigDecimal exact = new BigDecimal(value);
                    BigDecimal ours = new BigDecimal(FloatText.formatE(value));
                    BigDecimal jdk = new BigDecimal(Double.toString(value)).stripTrailingZeros();

                    assertThat(ours.precision()).isLessThanOrEqualTo(jdk.precision());
                    if (ours.precision() == jdk.precision()) {
                        assertThat(ours.subtract(exact).abs())
                                .isLessThanOrEqualTo(jdk.subtract(exact).abs());
                    }
                });
    }

    @Test
    void decimalsOfFewDigitsStayAsTheyAre() {
        qt().withExamples(5_000)
                .forAll(
                        integers().between(-999_999_999, 999_999_999),
                        integers().between(0, 12))
                .checkAssert((digits, scale) -> {
                    BigDecimal decimal = BigDecimal.valueOf(digits, scale);
                    BigDecimal printed = new BigDecimal(FloatText.formatF(decimal.doubleValue()));

                    assertThat(printed).isEqualByComparingTo(decimal);
                });
    }

    private static Gen<Double> anyBits() {
        return longs().all().map(Double::longBitsToDouble).mix(doubles().any(), 30);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "+1.5, 1.5",
        "-.5, -0.5",
        "5., 5",
        "1E3, 1000",
        "1e-3, 0.001",
        "0x1p-2, 0.25",
        "-0X1.8P+1, -3",
        "0x.8p1, 1",
        "inf, Infinity",
        "+INF, Infinity",
        "-Infinity, -Infinity",
        "nan, NaN",
        "NaN, NaN",
        "1e-400, 0",
        "000000000000000000000000000001, 1",
    })
    void readsNumbersAsGoDoes(String text, Double value) {
        assertThat(FloatText.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", " 1", "1 ", "1f", "1d", "1D", "0x", "0x1", "0xp1", "0x1p", "1_000", "1e", "1e+", "e5", ".",
                "-", "+", "--1", "+nan", "-NaN", "infin", "1,5", "١", "1e5.0", "0x1.p", "NaN(1)"
            })
    void refusesWhatGoRefuses(String text) {
        assertThatThrownBy(() -> FloatText.parse(text))
                .isInstanceOf(NumberFormatException.class)
                .hasMessage('"' + text + "\" is not a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e400", "0x1p1024", "1.7976931348623159e308"})
    void refusesWhatIsTooLarge(String text) {
        assertThatThrownBy(() -> FloatText.parse(text))
                .isInstanceOf(NumberFormatException.class)
                .hasMessage('"' + text + "\" is too large for a 64-bit float");
    }

    @Test
    void quotesLongTextOnlyInPart() {
        assertThatThrownBy(() -> FloatText.parse("x".repeat(1_000_000)))
                .hasMessage('"' + "x".repeat(60) + "…\" is not a number");
    }
}
