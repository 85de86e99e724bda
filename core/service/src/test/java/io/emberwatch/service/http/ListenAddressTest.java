package io.emberwatch.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9600, 127.0.0.1, 9600",
        ":9600, '', 9600",
        "[::1]:0, ::1, 0",
        "localhost:65535, localhost, 65535",
    })
    void isReadAndWrittenAlike(String text, String host, int port) {
        ListenAddress address = ListenAddress.parse(text);

        assertThat(address).isEqualTo(new ListenAddress(host, port));
        assertThat(address).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "9600", "localhost", "localhost:", "a:b", "a:65536", "a:123456", "a:-1", "::1:9600", "a: 1"})
    void otherTextIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void emptyHostIsEveryInterface() {
        assertThat(ListenAddress.parse(":80").toSocketAddress().getAddress().isAnyLocalAddress())
                .isTrue();
    }
}
