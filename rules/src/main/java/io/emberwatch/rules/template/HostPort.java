package io.emberwatch.rules.template;

import org.jspecify.annotations.Nullable;

/** Host names and ports as Go's {@code net.SplitHostPort} tells them apart. */
final class HostPort {
    private HostPort() {}

    /** The host alone; the text itself when it is no {@code host:port}. */
    static String stripPort(String text) {
        String host = host(text);
        return host == null ? text : host;
    }

    /** The first part of the host's name, with the port if there is one; an address stays as it is. */
    static String stripDomain(String text) {
        String host = host(text);
        String port = host == null ? "" : text.substring(text.lastIndexOf(':'));
        String name = host == null ? text : host;
        if (isAddress(name)) {
            return text;
        }
        int dot = name.indexOf('.');
        return (dot < 0 ? name : name.substring(0, dot)) + port;
    }

    private static @Nullable String host(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return null;
        }
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            boolean whole = close > 0 && close + 1 == colon && text.indexOf('[', 1) < 0;
            return whole ? text.substring(1, close) : null;
        }
        String host = text.substring(0, colon);
        return host.contains(":") || host.contains("[") || host.contains("]") ? null : host;
    }

    private static boolean isAddress(String name) {
        return name.contains(":") || name.matches("(\\d{1,3}\\.){3}\\d{1,3}");
    }
}
