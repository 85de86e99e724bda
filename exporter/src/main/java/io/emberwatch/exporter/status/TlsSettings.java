package io.emberwatch.exporter.status;

import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to speak TLS to a server; PEM files, read again when they change. Keys as in Prometheus' {@code tls_config}.
 *
 * @param caFile who signs the server's certificate; the system's authorities without one
 * @param certFile our certificate and those between it and its authority, when the server asks for one
 * @param keyFile the key of {@code cert_file}: PKCS#8, PKCS#1 or SEC1, not encrypted
 * @param serverName the name that the certificate must hold, when it is not that of the address
 * @param insecureSkipVerify whether any certificate will do
 */
public record TlsSettings(
        @Nullable Path caFile,
        @Nullable Path certFile,
        @Nullable Path keyFile,
        @Nullable String serverName,
        @Default("false") boolean insecureSkipVerify) {
    /** The system's authorities, no certificate of our own. */
    public static final TlsSettings DEFAULT = new TlsSettings(null, null, null, null, false);

    public TlsSettings {
        if ((certFile == null) != (keyFile == null)) {
            throw new IllegalArgumentException("cert_file: cert_file and key_file come together");
        }
    }
}
