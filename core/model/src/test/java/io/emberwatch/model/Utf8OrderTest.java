package io.emberwatch.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.strings;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class Utf8OrderTest {
    private static final Gen<String> WELL_FORMED = strings()
            .allPossible()
            .ofLengthBetween(0, 6)
            .mix(strings().betweenCodePoints(0xd7f0, 0x10010).ofLengthBetween(0, 3), 50)
            .map(text -> new String(text.getBytes(UTF_8), UTF_8));

    @Test
    void ordersAsTheBytesDo() {
        qt().withExamples(5_000)
                .forAll(WELL_FORMED, WELL_FORMED)
                .check((a, b) -> Integer.signum(Utf8Order.compareUtf8(a, b))
                        == Integer.signum(Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8))));
    }

    @Test
    void putsCharactersBeyondTheBasicPlaneLast() {
        assertThat(Utf8Order.INSTANCE.compare("\uff61", "\ud83d\ude00")).isNegative();
        assertThat("\uff61".compareTo("\ud83d\ude00")).isPositive();
        assertThat(Utf8Order.compareUtf8("a", "ab")).isNegative();
        assertThat(Utf8Order.compareUtf8("ab", "ab")).isZero();
    }
}
