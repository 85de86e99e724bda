package io.emberwatch.exporter.listen;

import io.emberwatch.service.http.ListenAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Addresses as sockets want them. */
final class SocketAddresses {
    private static final Logger logger = LoggerFactory.getLogger("exporter.listen");

    private SocketAddresses() {}

    /** @throws UnknownHostException when the host has no address */
    static InetSocketAddress of(ListenAddress address) throws UnknownHostException {
        InetSocketAddress socket = address.host().isEmpty()
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
        if (socket.isUnresolved()) {
            throw new UnknownHostException(address.host() + ": no such host");
        }
        return socket;
    }

    /** Closes what is of no more use; what can go wrong then concerns nobody. */
    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            logger.debug("did not close cleanly: {}", e.getMessage());
        }
    }
}
