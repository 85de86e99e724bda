package io.emberwatch.exporter.jmx;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.config.YamlNode;
import java.net.MalformedURLException;
import java.nio.file.Path;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/**
 * One Java program whose beans are shown.
 *
 * @param url where it answers: {@code service:jmx:rmi:///jndi/rmi://127.0.0.1:9999/jmxrmi} or {@code 127.0.0.1:9999} for
 *     JMX over RMI, {@code http://127.0.0.1:8778/jolokia} for Jolokia
 * @param instance the value of the label {@code instance}; host and port of the address without one
 * @param tls for Jolokia over HTTPS
 * @param configFile which beans become which metrics: jmx_exporter's configuration, read as it is
 * @param rules the same in place
 */
public record JmxConfig(
        String url,
        @Nullable String instance,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable TlsSettings tls,
        @Nullable Path configFile,
        @Nullable YamlNode rules) {
    private static final String SERVICE = "service:jmx:";

    public JmxConfig {
        try {
            if (url.startsWith(SERVICE)) {
                new JMXServiceURL(url);
            } else if (isWeb(url)) {
                Addresses.http(url);
            } else {
                Addresses.hostPort(url, 0);
            }
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "url: " + url + ": expected host:port, service:jmx:… or the http address of Jolokia", e);
        }
    }

    /** A program given as its address, every bean in the default form. */
    public static JmxConfig parse(String url) {
        return new JmxConfig(url, null, null, null, null, null, null);
    }

    private static boolean isWeb(String url) {
        return url.startsWith("http://") || url.startsWith("https://");
    }

    boolean isJolokia() {
        return isWeb(url);
    }

    String serviceUrl() {
        return url.startsWith(SERVICE) ? url : SERVICE + "rmi:///jndi/rmi://" + url + "/jmxrmi";
    }

    String instanceName() {
        if (instance != null) {
            return instance;
        }
        return isJolokia() ? Addresses.instance(Addresses.http(url)) : url.replaceFirst("^.*//([^/]+)/.*$", "$1");
    }
}
