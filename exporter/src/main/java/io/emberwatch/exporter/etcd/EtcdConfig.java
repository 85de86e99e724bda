package io.emberwatch.exporter.etcd;

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
 * @param timeout of one request to a member
 * @param maxPage larger metrics pages are refused
 */
public record EtcdConfig(
        @Default("[]") List<Cluster> clusters,
        @Default("3s") Duration timeout,
        @Default("32MiB") ByteSize maxPage) {
    /**
     * One cluster.
     *
     * @param name the {@code cluster} label
     * @param caFile certificate authorities in PEM, for https
     * @param certFile client certificate in PEM, with {@code keyFile}
     */
    public record Cluster(
            @Default("etcd") String name,
            List<Member> members,
            @Nullable Path caFile,
            @Nullable Path certFile,
            @Nullable Path keyFile) {
        public Cluster {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("name: must not be empty");
            }
            if (members.isEmpty()) {
                throw new IllegalArgumentException("members: at least one is needed");
            }
            if ((certFile == null) != (keyFile == null)) {
                throw new IllegalArgumentException("cert_file: a certificate and its key belong together");
            }
            Set<String> instances = new HashSet<>();
            for (Member member : members) {
                if (!instances.add(member.label())) {
                    throw new IllegalArgumentException("members: instance " + member.label() + " occurs twice");
                }
            }
        }
    }

    /**
     * One member.
     *
     * @param url a client URL; its {@code /metrics} and {@code /health} are read
     * @param instance the {@code instance} label; host and port of the URL when absent
     */
    public record Member(URI url, @Nullable String instance) {
        public Member {
            if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
                throw new IllegalArgumentException("url: expected http:// or https://");
            }
        }

        /** The value of the {@code instance} label. */
        public String label() {
            return instance != null
                    ? instance
                    : url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
        }
    }
}
