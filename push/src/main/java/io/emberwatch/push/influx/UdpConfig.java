package io.emberwatch.push.influx;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * InfluxDB 1.x over UDP. Nothing tells whether a datagram arrived: use HTTP where no loss is allowed.
 *
 * @param host where InfluxDB listens
 * @param ports taken in turn
 * @param datagram largest datagram; a line that is longer is refused
 * @param linesPerSecond sent at most; without a pace the receiver's buffer overflows and more than half is lost
 * @param statistics InfluxDB's {@code /debug/vars}, which tells how many lines did not arrive; not asked when absent
 */
public record UdpConfig(
        @Default("127.0.0.1") String host,
        @Default("[8089]") List<Integer> ports,
        @Default("1400") ByteSize datagram,
        @Default("150000") int linesPerSecond,
        @Nullable URI statistics) {
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
        if (statistics != null
                && (statistics.getHost() == null
                        || !String.valueOf(statistics.getScheme()).startsWith("http"))) {
            throw new IllegalArgumentException("statistics: expected http://host:8086/debug/vars");
        }
        ports = List.copyOf(ports);
    }
}
