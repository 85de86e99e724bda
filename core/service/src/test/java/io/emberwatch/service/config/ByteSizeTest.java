package io.emberwatch.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "17B, 17",
        "10kB, 10000",
        "10KB, 10000",
        "64MiB, 67108864",
        "1 GiB, 1073741824",
        "2TB, 2000000000000",
        "9223372036854775807, 9223372036854775807",
    })
    void isReadInBothKindsOfUnits(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MiB",
                "-1",
                "1.5MiB",
                "1M",
                "1 mib",
                "1iB",
                "1PiB",
                "9223372036854775808",
                "9000000TiB",
                "\u0664"
            })
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void negativeSizeIsRefused() {
        assertThatThrownBy(() -> new ByteSize(-1)).hasMessage("-1: a size must not be negative");
    }
}
