package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GoMathTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    @Test
    void differsFromJavaWhereGoDoes() {
        assertThat(GoMath.pow(1, Double.NaN)).isEqualTo(1);
        assertThat(GoMath.pow(-1, INF)).isEqualTo(1);
        assertThat(GoMath.pow(2, 10)).isEqualTo(1024);
        assertThat(GoMath.max(INF, Double.NaN)).isEqualTo(INF);
        assertThat(GoMath.max(1, Double.NaN)).isNaN();
        assertThat(GoMath.min(Double.NaN, -INF)).isEqualTo(-INF);
        assertThat(GoMath.min(-0.0, 0.0)).isEqualTo(-0.0);
        assertThat(GoMath.sign(-0.0)).isEqualTo(-0.0);
        assertThat(GoMath.sign(Double.NaN)).isNaN();
    }

    @Test
    void logarithmsOfPowersOfTwoAreExact() {
        for (int exponent = -1074; exponent < 1024; exponent++) {
            assertThat(GoMath.log2(Math.scalb(1.0, exponent))).isEqualTo(exponent);
        }
        assertThat(GoMath.log2(10)).isCloseTo(3.321928094887362, within(1e-15));
        assertThat(GoMath.log2(0)).isEqualTo(-INF);
        assertThat(GoMath.log2(-1)).isNaN();
        assertThat(GoMath.log2(INF)).isEqualTo(INF);
    }

    @Test
    void inverseHyperbolicFunctionsInvert() {
        for (double x : new double[] {1e-9, 1e-3, 0.4, 0.6, 1, 1.5, 3, 20, 300}) {
            assertThat(GoMath.asinh(Math.sinh(x))).isCloseTo(x, within(1e-12 * x));
            assertThat(GoMath.asinh(-Math.sinh(x))).isCloseTo(-x, within(1e-12 * x));
            assertThat(GoMath.acosh(Math.cosh(x))).isCloseTo(x, within(x < 0.01 ? 1e-6 : 1e-12 * x));
        }
        for (double x : new double[] {1e-9, 1e-3, 0.4, 0.6, 1.5}) {
            assertThat(GoMath.atanh(-Math.tanh(x))).isCloseTo(-x, within(1e-12 * x));
        }
        assertThat(GoMath.atanh(1)).isEqualTo(INF);
        assertThat(GoMath.atanh(1.1)).isNaN();
        assertThat(GoMath.acosh(0.9)).isNaN();
        assertThat(GoMath.acosh(1)).isZero();
        assertThat(GoMath.asinh(-INF)).isEqualTo(-INF);
        assertThat(GoMath.asinh(Double.NaN)).isNaN();
    }

    @Test
    void quantilesPutNanFirst() {
        assertThat(GoMath.quantile(0, new double[] {3, Double.NaN, 1}, 3)).isNaN();
        assertThat(GoMath.quantile(1, new double[] {3, Double.NaN, 1}, 3)).isEqualTo(3);
        assertThat(GoMath.quantile(0.5, new double[] {3, Double.NaN, 1}, 3)).isEqualTo(1);
        assertThat(GoMath.quantile(0.5, new double[] {4, 2, 9}, 2)).isEqualTo(3);
        assertThat(GoMath.quantile(0.5, new double[0], 0)).isNaN();
    }

    @Test
    void calendarAgreesWithJava() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long seconds = random.nextLong() % 100_000_000_000L;
            LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
            Calendar calendar = Calendar.of(seconds);
            assertThat(calendar)
                    .isEqualTo(new Calendar(
                            time.getYear(),
                            time.getMonthValue(),
                            time.getDayOfMonth(),
                            time.getDayOfYear(),
                            time.getDayOfWeek().getValue() % 7,
                            time.getHour(),
                            time.getMinute()));
            assertThat(calendar.daysInMonth()).isEqualTo(time.toLocalDate().lengthOfMonth());
        }
    }

    @Test
    void calendarOfWhatNoIntegerHoldsIsThatOfPrometheus() {
        Calendar last = new Calendar(292_277_026_596L, 12, 4, 339, 0, 15, 30);
        for (double seconds :
                new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300, 0x1p63, -0x1p63}) {
            assertThat(Calendar.of(seconds)).isEqualTo(last);
        }
    }
}
