package io.emberwatch.push.influx;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.util.List;

/**
 * InfluxDB 1.x over UDP. Nothing tells whether a datagram arrived: use HTTP where no loss is allowed.
 *
 * @param host where InfluxDB listens
 * @param ports taken in turn
 * @param datagram largest datagram; a line that is longer is refused
 * @param linesPerSecond sent at most; without a pace the receiver's buffer overflows and more than half is lost
 */
public record UdpConfig(
        @Default("127.0.0.1") String host,
        @Default("[8089]") List<Integer> ports,
        @Default("1400") ByteSize datagram,
        @Default("150000") int linesPerSecond) {
    private static final int LARGEST_DATAGRAM = 65_507;
    private static final int LARGEST_PORT = 65_535;

    public UdpConfig {
        if (ports.isEmpty() || ports.stream().anyMatch(port -> port < 1 || port > LARGEST_PORT)) {
            throw new IllegalArgumentException("ports: expected one or more from 1 to " + LARGEST_PORT);
        }
        if (datagram.bytes() < 1 || datagram.bytes() > LARGEST_DATAGRAM) {
            throw new IllegalArgumentException("datagram: expected 1 to " + LARGEST_DATAGRAM + " bytes");
        }
        if (linesPerSecond < 1) {
            throw new IllegalArgumentException("lines_per_second: " + linesPerSecond + " is not positive");
        }
        ports = List.copyOf(ports);
    }
}
