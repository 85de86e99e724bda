package io.emberwatch.service.http;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a server protects itself: TLS, basic authentication, headers. The keys are those of exporter-toolkit's {@code
 * web.config.yml}.
 *
 * @see <a href="https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md">Web
 *     configuration</a>
 * @param tlsServerConfig null for plain HTTP
 * @param httpServerConfig what concerns HTTP itself
 * @param basicAuthUsers bcrypt hashes by user; when there are any, every path wants one of these users
 */
public record WebConfig(
        @Nullable TlsServerConfig tlsServerConfig,
        @Default("{}") HttpServerConfig httpServerConfig,
        @Default("{}") Map<String, Secret> basicAuthUsers) {
    /** Plain HTTP for everybody. */
    public static final WebConfig NONE = new WebConfig(null, HttpServerConfig.PLAIN, Map.of());

    private static final Pattern BCRYPT = Pattern.compile("\\$2[abxy]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");

    public WebConfig {
        basicAuthUsers = Map.copyOf(basicAuthUsers);
        basicAuthUsers.forEach((user, hash) -> {
            if (!BCRYPT.matcher(hash.reveal()).matches()) {
                throw new IllegalArgumentException("basic_auth_users: " + user
                        + ": expected a bcrypt hash of cost 4 to 16, as htpasswd -nBC 10 prints it");
            }
        });
    }

    /**
     * TLS of a server. Paths are relative to the folder of the configuration; the files are read again when they change.
     *
     * @param certFile the server's certificate and those between it and its authority, PEM
     * @param keyFile its private key, PEM, not encrypted
     * @param clientCaFile the authorities of client certificates, PEM; belongs to the two verifying types
     * @param clientAuthType what is asked of clients
     * @param minVersion the oldest version that is spoken
     * @param maxVersion the newest
     * @param cipherSuites names as registered with IANA; empty for those of Java
     * @param preferServerCipherSuites whether the server's order counts
     */
    public record TlsServerConfig(
            Path certFile,
            Path keyFile,
            @Nullable Path clientCaFile,
            @Default("NoClientCert") ClientAuthType clientAuthType,
            @Default("TLS12") TlsVersion minVersion,
            @Default("TLS13") TlsVersion maxVersion,
            @Default("[]") List<String> cipherSuites,
            @Default("true") boolean preferServerCipherSuites) {
        public TlsServerConfig {
            cipherSuites = List.copyOf(cipherSuites);
            if (minVersion.compareTo(maxVersion) > 0) {
                throw new IllegalArgumentException("max_version: must not be older than min_version");
            }
            if (clientAuthType.isVerified() && clientCaFile == null) {
                throw new IllegalArgumentException(
                        "client_auth_type: a client_ca_file is needed to verify certificates");
            }
            if (!clientAuthType.isVerified() && clientCaFile != null) {
                throw new IllegalArgumentException(
                        "client_ca_file: is of no use without a client_auth_type that verifies");
            }
        }

        private TlsServerConfig relativeTo(Path folder) {
            return new TlsServerConfig(
                    folder.resolve(certFile),
                    folder.resolve(keyFile),
                    clientCaFile == null ? null : folder.resolve(clientCaFile),
                    clientAuthType,
                    minVersion,
                    maxVersion,
                    cipherSuites,
                    preferServerCipherSuites);
        }
    }

    /**
     * HTTP of a server.
     *
     * @param http2 taken for compatibility; the server speaks HTTP/1.1 either way
     * @param headers sent with every answer
     */
    public record HttpServerConfig(
            @Default("true") boolean http2, @Default("{}") Map<String, String> headers) {
        static final HttpServerConfig PLAIN = new HttpServerConfig(true, Map.of());

        private static final List<String> ALLOWED = List.of(
                "Content-Security-Policy",
                "Strict-Transport-Security",
                "X-Content-Type-Options",
                "X-Frame-Options",
                "X-XSS-Protection");

        public HttpServerConfig {
            headers = Map.copyOf(headers);
            headers.forEach((name, value) -> {
                if (!ALLOWED.contains(name)) {
                    throw new IllegalArgumentException(
                            "headers: " + name + ": expected one of " + String.join(", ", ALLOWED));
                }
                if (value.chars().anyMatch(c -> c < ' ')) {
                    throw new IllegalArgumentException("headers: " + name + ": must be one line");
                }
            });
        }
    }

    /** Reads a {@code web.config.yml}. */
    public static WebConfig read(Path file) throws IOException, ConfigException {
        WebConfig config = ConfigReader.read(file, WebConfig.class);
        Path folder = file.toAbsolutePath().getParent();
        return config.tlsServerConfig == null || folder == null
                ? config
                : new WebConfig(
                        config.tlsServerConfig.relativeTo(folder), config.httpServerConfig, config.basicAuthUsers);
    }
}
