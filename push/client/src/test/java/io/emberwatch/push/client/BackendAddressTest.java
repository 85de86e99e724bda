package io.emberwatch.push.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BackendAddressTest {
    @Test
    void everyPartIsRead() {
        BackendAddress address = BackendAddress.parse("InfluxDB-UDP://farm-1.example:8089/debug?datagram=9000&x");
        assertThat(address)
                .isEqualTo(new BackendAddress(
                        "influxdb-udp", "farm-1.example", 8089, "", "datagram=9000&x", Verbosity.DEBUG));
        assertThat(address.parameters()).containsEntry("datagram", "9000").containsEntry("x", "");
    }

    @Test
    void aPathMayStandBeforeTheVerbosity() {
        assertThat(BackendAddress.parse("influxdb-unix:///run/telegraf.sock/prod"))
                .isEqualTo(new BackendAddress("influxdb-unix", "", -1, "/run/telegraf.sock", "", Verbosity.PROD));
    }

    @Test
    void withoutAVerbosityThereIsNone() {
        assertThat(BackendAddress.parse("stdout://").verbosity()).isNull();
        assertThat(BackendAddress.parse("http://[::1]:8086/production").path()).isEqualTo("/production");
    }

    @Test
    void secretsAreNotShown() {
        assertThat(BackendAddress.parse("influxdbv2://h:8086?token=secret")).hasToString("influxdbv2://h:8086");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:8086", "influxdb-udp:/x", "udp://h:99999", "udp://h:x", "://h"})
    void whatIsNoAddressIsRefusedWithTheTextItself(String text) {
        assertThatThrownBy(() -> BackendAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }
}
