package io.emberwatch.service.http;

import java.net.InetSocketAddress;

/**
 * Where a server listens: {@code 127.0.0.1:9600}, {@code [::1]:9600}, {@code :9600} for every interface.
 *
 * @param host empty for every interface
 * @param port 0 to let the system choose
 */
public record ListenAddress(String host, int port) {
    public ListenAddress {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(port + ": a port is a number from 0 to 65535");
        }
    }

    /** @throws IllegalArgumentException with the text and what was expected */
    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 0 || port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(text + ": expected host:port or :port, such as 127.0.0.1:9600");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw new IllegalArgumentException(text + ": an IPv6 address stands in brackets, such as [::1]:9600");
        }
        return new ListenAddress(host, Integer.parseInt(port));
    }

    InetSocketAddress toSocketAddress() {
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
