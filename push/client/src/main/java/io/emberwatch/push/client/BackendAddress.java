package io.emberwatch.push.client;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics go: {@code scheme://host:port[/path][/prod|/info|/debug][?query]}.
 *
 * @param scheme in lower case, such as {@code influxdb-udp}
 * @param host may be empty, as for a socket in the file system
 * @param port −1 where none is given
 * @param path without the verbosity; may be empty
 * @param query what stands behind the question mark; may be empty
 * @param verbosity null where none is given
 */
public record BackendAddress(
        String scheme,
        String host,
        int port,
        String path,
        String query,
        @Nullable Verbosity verbosity) {
    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<host>\\[[0-9a-fA-F:.]+]|[^:/?\\[\\]]*)(?::(?<port>\\d{1,5}))?"
                    + "(?<path>/[^?]*)?(?:\\?(?<query>.*))?");
    private static final Pattern VERBOSITY = Pattern.compile("(?i)(.*?)/(prod|info|debug)/?");
    private static final int MOST_PORTS = 65_535;

    /** @throws IllegalArgumentException when the text is no such address */
    public static BackendAddress parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no address of a backend; one is influxdb-udp://127.0.0.1:8089/info");
        }
        String number = form.group("port");
        int port = number == null ? -1 : Integer.parseInt(number);
        if (port > MOST_PORTS) {
            throw new IllegalArgumentException("\"" + text + "\": port " + port + " is above " + MOST_PORTS);
        }
        String path = form.group("path") == null ? "" : form.group("path");
        Matcher level = VERBOSITY.matcher(path);
        Verbosity verbosity = null;
        if (level.matches()) {
            path = level.group(1);
            verbosity = Verbosity.valueOf(level.group(2).toUpperCase(Locale.ROOT));
        }
        String query = form.group("query") == null ? "" : form.group("query");
        return new BackendAddress(
                form.group("scheme").toLowerCase(Locale.ROOT), form.group("host"), port, path, query, verbosity);
    }

    /** The parameters of the query by name, decoded; one without a value has an empty one. */
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.isEmpty()) {
                parameters.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException when host or port is missing */
    public BackendAddress requireHostAndPort() {
        if (host.isEmpty() || port < 1) {
            throw new IllegalArgumentException(
                    this + ": a host and a port are needed, as in " + scheme + "://host:8086");
        }
        return this;
    }

    /** Without the query, which may hold secrets. */
    @Override
    public String toString() {
        return scheme + "://" + host + (port < 0 ? "" : ":" + port) + path;
    }
}
