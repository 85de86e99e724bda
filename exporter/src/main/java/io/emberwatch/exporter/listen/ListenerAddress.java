package io.emberwatch.exporter.listen;

import io.emberwatch.service.http.ListenAddress;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a listener listens at: {@code udp://127.0.0.1:8125}, {@code tcp://:2003}, {@code unix:///run/x.sock}, {@code
 * unixgram:///run/x.sock}, {@code http://127.0.0.1:8086}.
 *
 * @param network the kind of socket
 * @param internet host and port; null for one in the file system
 * @param path where in the file system; null for one with host and port
 */
public record ListenerAddress(
        Network network,
        @Nullable ListenAddress internet,
        @Nullable Path path) {
    // The kernel keeps 108 bytes with the zero at the end.
    private static final int LONGEST_PATH = 100;

    /** The kinds of socket. */
    public enum Network {
        UDP,
        TCP,
        UNIX,
        UNIXGRAM,
        HTTP
    }

    /** @throws IllegalArgumentException with the text and what was expected */
    public static ListenerAddress parse(String text) {
        int slashes = text.indexOf("://");
        String scheme = slashes < 0 ? "" : text.substring(0, slashes);
        String rest = slashes < 0 ? "" : text.substring(slashes + 3);
        for (Network network : Network.values()) {
            if (network.name().toLowerCase(Locale.ROOT).equals(scheme)) {
                if (network == Network.UNIX || network == Network.UNIXGRAM) {
                    if (!rest.startsWith("/") || rest.endsWith("/") || rest.length() > LONGEST_PATH) {
                        throw new IllegalArgumentException(
                                text + ": expected an absolute path of at most " + LONGEST_PATH + " characters");
                    }
                    return new ListenerAddress(network, null, Path.of(rest));
                }
                return new ListenerAddress(network, ListenAddress.parse(rest), null);
            }
        }
        throw new IllegalArgumentException(text
                + ": expected udp://host:port, tcp://host:port, unix:///path, unixgram:///path or http://host:port");
    }

    @Override
    public String toString() {
        return network.name().toLowerCase(Locale.ROOT) + "://" + (internet == null ? path : internet);
    }
}
