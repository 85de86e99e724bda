package io.emberwatch.exporter.status;

import okhttp3.HttpUrl;

/** Reads addresses of servers. */
public final class Addresses {
    private static final int LARGEST_PORT = 65535;

    private Addresses() {}

    /**
     * A host and its port.
     *
     * @param port from 1 to 65535
     */
    public record HostPort(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * {@code host:port}, {@code [::1]:port}, or a host alone.
     *
     * @throws IllegalArgumentException with the text and what was expected
     */
    public static HostPort hostPort(String text, int otherwise) {
        String host = text;
        String port = String.valueOf(otherwise);
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[") && text.contains("]")) {
            int bracket = text.indexOf(']');
            host = text.substring(1, bracket);
            if (bracket + 1 < text.length()) {
                port = text.charAt(bracket + 1) == ':' ? text.substring(bracket + 2) : "";
            }
        } else if (colon >= 0) {
            host = text.substring(0, colon);
            port = text.substring(colon + 1);
        }
        boolean number = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        if (host.isEmpty() || !number || host.contains("/") || host.contains("@")) {
            throw new IllegalArgumentException(text + ": expected host:port, such as 127.0.0.1:11211");
        }
        int value = Integer.parseInt(port);
        if (value < 1 || value > LARGEST_PORT) {
            throw new IllegalArgumentException(text + ": a port is a number from 1 to 65535");
        }
        return new HostPort(host, value);
    }

    /**
     * An address of HTTP or HTTPS.
     *
     * @throws IllegalArgumentException when it is not one
     */
    public static HttpUrl http(String text) {
        HttpUrl url = HttpUrl.parse(text);
        if (url == null) {
            throw new IllegalArgumentException(text + ": expected an address such as http://127.0.0.1:8080/");
        }
        return url;
    }

    /** Host and port of an address, as {@code instance} shows it. */
    public static String instance(HttpUrl url) {
        return (url.host().contains(":") ? "[" + url.host() + "]" : url.host()) + ":" + url.port();
    }
}
