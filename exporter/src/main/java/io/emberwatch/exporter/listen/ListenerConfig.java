package io.emberwatch.exporter.listen;

import io.emberwatch.exporter.listen.ListenerAddress.Network;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One listener.
 *
 * @param address what it listens at
 * @param mode the permissions of a socket in the file system, in octal
 * @param owner the user that such a socket belongs to; whoever runs the program when not given
 * @param group the group that such a socket belongs to
 * @param receiveBuffer what the kernel is asked to keep for it; it gives no more than {@code net.core.rmem_max}
 * @param maxConnections how many connections a stream may have; further ones are closed at once and counted
 * @param idleTimeout when a connection that says nothing is closed
 */
public record ListenerConfig(
        ListenerAddress address,
        @Default("0660") String mode,
        @Nullable String owner,
        @Nullable String group,
        @Default("8MiB") ByteSize receiveBuffer,
        @Default("10000") int maxConnections,
        @Default("10m") Duration idleTimeout) {
    private static final long LARGEST_BUFFER = 1 << 30;

    public ListenerConfig {
        if (!mode.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("mode: expected three octal digits such as 0660");
        }
        if (receiveBuffer.bytes() < 1 || receiveBuffer.bytes() > LARGEST_BUFFER) {
            throw new IllegalArgumentException("receive_buffer: must be from 1 byte to 1GiB");
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max_connections: must be at least 1");
        }
        if (idleTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("idle_timeout: must be at least 1ms");
        }
        Network network = address.network();
        boolean file = network == Network.UNIX || network == Network.UNIXGRAM;
        if (!file && (owner != null || group != null)) {
            throw new IllegalArgumentException(
                    (owner != null ? "owner" : "group") + ": is for sockets in the file system");
        }
    }

    /** A listener with everything as it is by default. */
    public static ListenerConfig at(String address) {
        return new ListenerConfig(
                ListenerAddress.parse(address),
                "0660",
                null,
                null,
                new ByteSize(8 << 20),
                10_000,
                Duration.ofMinutes(10));
    }

    /** What logs and metrics call it. */
    public String name() {
        return address.toString();
    }
}
