package io.emberwatch.exporter.etcd;

import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The etcd clusters to read.
 *
 * @param timeout how long a member may take, never longer than the scrape itself
 * @param maxPage larger pages are refused, at most 256 MiB
 */
public record EtcdConfig(
        @Default("[]") List<ClusterConfig> clusters,
        @Default("5s") Duration timeout,
        @Default("16MiB") ByteSize maxPage) {
    private static final long LARGEST_PAGE = 256 << 20;

    public EtcdConfig {
        clusters = List.copyOf(clusters);
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout: must be at least 1ms");
        }
        if (maxPage.bytes() < 1 || maxPage.bytes() > LARGEST_PAGE) {
            throw new IllegalArgumentException("max_page: must be from 1 byte to 256MiB");
        }
        Set<String> names = new HashSet<>();
        for (ClusterConfig cluster : clusters) {
            if (!names.add(cluster.name())) {
                throw new IllegalArgumentException("clusters: " + cluster.name() + " occurs twice");
            }
        }
    }

    /**
     * One cluster.
     *
     * @param name the value of the label {@code cluster}
     * @param health whether members are asked for their health too
     */
    public record ClusterConfig(
            String name,
            List<MemberConfig> members,
            @Nullable TlsConfig tls,
            @Default("true") boolean health) {
        public ClusterConfig {
            members = List.copyOf(members);
            if (name.isEmpty()) {
                throw new IllegalArgumentException("name: a cluster must have a name");
            }
            if (members.isEmpty()) {
                throw new IllegalArgumentException("members: a cluster has at least one member");
            }
            Set<String> instances = new HashSet<>();
            for (MemberConfig member : members) {
                if (!instances.add(member.instanceName())) {
                    throw new IllegalArgumentException("members: " + member.instanceName() + " occurs twice");
                }
            }
        }
    }

    /**
     * One member.
     *
     * @param url its client or metrics address, {@code http} or {@code https}, without {@code /metrics}
     * @param instance the value of the label {@code instance}; host and port of the address without one
     */
    public record MemberConfig(URI url, @Nullable String instance) {
        public MemberConfig {
            String scheme = url.getScheme();
            if (scheme == null || !(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
                throw new IllegalArgumentException("url: " + url + " is not an address such as http://127.0.0.1:2379");
            }
        }

        /** The value of the label {@code instance}. */
        public String instanceName() {
            if (instance != null && !instance.isEmpty()) {
                return instance;
            }
            return url.getPort() < 0 ? url.getHost() : url.getHost() + ':' + url.getPort();
        }
    }

    /**
     * How to speak to members over TLS; PEM files, read again when they change.
     *
     * @param ca who signs the members' certificates; the system's authorities without one
     * @param cert our certificate and those between it and its authority, when members ask for one
     * @param key the key of {@code cert}: PKCS#8, PKCS#1 or SEC1, not encrypted
     */
    public record TlsConfig(
            @Nullable Path ca,
            @Nullable Path cert,
            @Nullable Path key) {
        public TlsConfig {
            if ((cert == null) != (key == null)) {
                throw new IllegalArgumentException("cert: cert and key come together");
            }
        }

        TlsSettings settings() {
            return new TlsSettings(ca, cert, key, null, false);
        }
    }
}
