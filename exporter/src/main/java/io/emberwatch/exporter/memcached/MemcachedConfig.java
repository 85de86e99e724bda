package io.emberwatch.exporter.memcached;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.service.config.Default;
import org.jspecify.annotations.Nullable;

/**
 * One memcached server; its address alone will do.
 *
 * @param address {@code host:port}, port 11211 when left out, or the path of a unix socket
 * @param instance the value of the label {@code instance}; the address when not given
 * @param slabs whether every slab class is shown
 */
public record MemcachedConfig(
        String address,
        @Nullable String instance,
        @Default("true") boolean slabs) {
    static final int PORT = 11211;

    public MemcachedConfig {
        if (!address.startsWith("/")) {
            try {
                Addresses.hostPort(address, PORT);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("address: " + e.getMessage(), e);
            }
        }
    }

    /** A server given as its address. */
    public static MemcachedConfig parse(String address) {
        return new MemcachedConfig(address, null, true);
    }
}
