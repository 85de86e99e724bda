package io.emberwatch.exporter.uwsgi;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.service.config.Default;
import org.jspecify.annotations.Nullable;

/**
 * One uWSGI server; the address of its stats server alone will do.
 *
 * @param statsUri {@code tcp://127.0.0.1:1717}, {@code unix:///run/app.stats} or {@code http://127.0.0.1:1717/}
 * @param instance the value of the label {@code instance}; the address without its scheme when not given
 * @param cores whether every core of every worker is shown
 */
public record UwsgiConfig(
        String statsUri,
        @Nullable String instance,
        @Default("false") boolean cores) {
    private static final String TCP = "tcp://";
    private static final String UNIX = "unix://";

    public UwsgiConfig {
        try {
            if (statsUri.startsWith(TCP)) {
                Addresses.hostPort(statsUri.substring(TCP.length()), 0);
            } else if (!statsUri.startsWith(UNIX + "/")) {
                Addresses.http(statsUri);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "stats_uri: " + statsUri
                            + ": expected tcp://127.0.0.1:1717, unix:///run/app.stats or http://127.0.0.1:1717/",
                    e);
        }
    }

    /** A server given as the address of its stats server. */
    public static UwsgiConfig parse(String statsUri) {
        return new UwsgiConfig(statsUri, null, false);
    }

    String instanceName() {
        return instance == null ? statsUri.replaceFirst("^[a-z]+://", "") : instance;
    }

    boolean isTcp() {
        return statsUri.startsWith(TCP);
    }

    boolean isUnix() {
        return statsUri.startsWith(UNIX);
    }

    String withoutScheme() {
        return statsUri.substring((isTcp() ? TCP : UNIX).length());
    }
}
