package io.emberwatch.exporter.nginx;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.service.config.Secret;
import org.jspecify.annotations.Nullable;

/**
 * One nginx server; its address alone will do.
 *
 * @param url where it answers {@code stub_status}
 * @param instance the value of the label {@code instance}; host and port of the address without one
 */
public record NginxConfig(
        String url,
        @Nullable String instance,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable TlsSettings tls) {
    public NginxConfig {
        try {
            Addresses.http(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url: " + e.getMessage(), e);
        }
    }

    /** A server given as its address. */
    public static NginxConfig parse(String url) {
        return new NginxConfig(url, null, null, null, null);
    }
}
