package io.emberwatch.push.client;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Opens a backend for an address. */
final class Backends {
    private static final int PLAIN_DATAGRAM = 1432; // what Ethernet carries in one piece
    private static final int LOCAL_DATAGRAM = 60_000;
    private static final int QUEUE = 100_000;
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private Backends() {}

    /**
     * Opens what the address names, each failure counted.
     *
     * @throws IllegalArgumentException when the scheme is unknown or the address lacks something
     * @throws IOException when it cannot be opened
     */
    static Backend open(BackendAddress address, Tally tally) throws IOException {
        Map<String, String> parameters = address.parameters();
        String name = address.toString();
        return switch (address.scheme()) {
            case "no-op" -> new DirectBackend(new NoBackend(), name, tally);
            case "stdout", "infologger" ->
                new DirectBackend(new PrintBackend(System.out, prefix(address)), name, tally);
            case "influxdb-stdout" -> new DirectBackend(new PrintBackend(System.out, ""), name, tally);
            default ->
                new QueuedBackend(
                        waiting(address, parameters), name, number(parameters, "queue", QUEUE), FAREWELL, tally);
        };
    }

    private static Backend waiting(BackendAddress address, Map<String, String> parameters) throws IOException {
        return switch (address.scheme()) {
            case "influxdb-udp" -> {
                address.requireHostAndPort();
                yield new DatagramBackend(
                        DatagramBackend.to(address.host(), address.port()),
                        number(parameters, "datagram", PLAIN_DATAGRAM));
            }
            case "influxdb-unix" -> {
                if (address.path().isEmpty()) {
                    throw new IllegalArgumentException(
                            address + ": a path is needed, as in influxdb-unix:///run/metrics.sock");
                }
                yield new DatagramBackend(
                        UnixSocket.to(address.path()), number(parameters, "datagram", LOCAL_DATAGRAM));
            }
            case "http", "https" -> new HttpBackend(writeUri(address, parameters), basic(parameters));
            case "influxdbv2" ->
                new HttpBackend(versionTwo(address, parameters), "Token " + required(address, parameters, "token"));
            default -> provided(address);
        };
    }

    private static Backend provided(BackendAddress address) throws IOException {
        TreeSet<String> known = new TreeSet<>(List.of(
                "http",
                "https",
                "influxdb-stdout",
                "influxdb-udp",
                "influxdb-unix",
                "influxdbv2",
                "infologger",
                "no-op",
                "stdout"));
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.schemes().contains(address.scheme())) {
                return provider.open(address);
            }
            known.addAll(provider.schemes());
        }
        throw new IllegalArgumentException("no backend is called \"" + address.scheme() + "\"; there are "
                + String.join(", ", known)
                + (known.contains("kafka") ? "" : ", and kafka with emberwatch-push on the class path"));
    }

    private static String prefix(BackendAddress address) {
        return address.query().isEmpty() ? "" : address.query() + " ";
    }

    private static int number(Map<String, String> parameters, String name, int otherwise) {
        String text = parameters.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                String.format(Locale.ROOT, "%s=%s: a number from 1 on is needed", name, text));
    }

    /** The path that is given, {@code /write} where none is; user and password leave the query. */
    private static URI writeUri(BackendAddress address, Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> {
            if (!name.equals("u") && !name.equals("p") && !name.equals("queue")) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(encode(name))
                        .append('=')
                        .append(encode(value));
            }
        });
        String path = address.path().isEmpty() || address.path().equals("/") ? "/write" : address.path();
        return URI.create(origin(address, address.scheme()) + path + query);
    }

    private static URI versionTwo(BackendAddress address, Map<String, String> parameters) {
        return URI.create(origin(address, "http") + "/api/v2/write?org="
                + encode(required(address, parameters, "org"))
                + "&bucket="
                + encode(required(address, parameters, "bucket"))
                + "&precision=ns");
    }

    private static String origin(BackendAddress address, String scheme) {
        if (address.host().isEmpty()) {
            throw new IllegalArgumentException(address + ": a host is needed");
        }
        return scheme + "://" + address.host() + (address.port() < 0 ? "" : ":" + address.port());
    }

    private static @Nullable String basic(Map<String, String> parameters) {
        String user = parameters.get("u");
        if (user == null) {
            return null;
        }
        String pair = user + ":" + parameters.getOrDefault("p", "");
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String required(BackendAddress address, Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(address + ": " + name + " is missing in the query");
        }
        return value;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
