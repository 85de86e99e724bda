package io.emberwatch.service.http;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * @param rateLimit how many requests are answered; beyond that the answer is 429
 */
public record WebConfig(
        @Nullable TlsServerConfig tlsServerConfig,
        @Default("{}") HttpServerConfig httpServerConfig,
        @Default("{}") Map<String, Secret> basicAuthUsers,
        @Default("{}") RateLimit.Config rateLimit) {
    /** Plain HTTP for everybody. */
    public static final WebConfig NONE = new WebConfig(null, HttpServerConfig.PLAIN, Map.of());

    private static final Pattern BCRYPT = Pattern.compile("\\$2[abxy]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");

    public WebConfig {
        basicAuthUsers = Map.copyOf(basicAuthUsers);
        Objects.requireNonNull(rateLimit, "rateLimit");
        basicAuthUsers.forEach((user, hash) -> {
            if (!BCRYPT.matcher(hash.reveal()).matches()) {
                throw new IllegalArgumentException("basic_auth_users: " + user
                        + ": expected a bcrypt hash of cost 4 to 16, as htpasswd -nBC 10 prints it");
            }
        });
    }

    /** Without a limit of the rate. */
    public WebConfig(
            @Nullable TlsServerConfig tlsServerConfig,
            HttpServerConfig httpServerConfig,
            Map<String, Secret> basicAuthUsers) {
        this(tlsServerConfig, httpServerConfig, basicAuthUsers, RateLimit.Config.NONE);
    }

    /**
     * TLS of a server. Paths are relative to the folder of the configuration; the files are read again when they change.
     *
     * @param cert the server's certificate and those between it and its authority, PEM, here or in {@code certFile}
     * @param key its private key, PEM, not encrypted, here or in {@code keyFile}
     * @param clientCa the authorities of client certificates, PEM, here or in {@code clientCaFile}; belongs to the two
     *     verifying types
     * @param clientAllowedSans of which names (DNS, IP, email, URI) a client's certificate must bear one; empty for any
     * @param clientAuthType what is asked of clients
     * @param minVersion the oldest version that is spoken
     * @param maxVersion the newest
     * @param cipherSuites names as registered with IANA; empty for those of Java
     * @param curvePreferences {@code CurveP256}, {@code CurveP384}, {@code CurveP521}, {@code X25519}; empty for those of
     *     Java, as on every Java before 20, which cannot be told
     * @param preferServerCipherSuites whether the server's order counts
     */
    public record TlsServerConfig(
            @Nullable String cert,
            @Nullable Path certFile,
            @Nullable String key,
            @Nullable Path keyFile,
            @Nullable String clientCa,
            @Nullable Path clientCaFile,
            @Default("[]") List<String> clientAllowedSans,
            @Default("NoClientCert") ClientAuthType clientAuthType,
            @Default("TLS12") TlsVersion minVersion,
            @Default("TLS13") TlsVersion maxVersion,
            @Default("[]") List<String> cipherSuites,
            @Default("[]") List<String> curvePreferences,
            @Default("true") boolean preferServerCipherSuites) {
        public TlsServerConfig {
            clientAllowedSans = List.copyOf(clientAllowedSans);
            cipherSuites = List.copyOf(cipherSuites);
            curvePreferences = List.copyOf(curvePreferences);
            requireOne("cert", cert, certFile);
            requireOne("key", key, keyFile);
            if (clientCa != null && clientCaFile != null) {
                throw new IllegalArgumentException("client_ca_file: give client_ca or client_ca_file, not both");
            }
            if (minVersion.compareTo(maxVersion) > 0) {
                throw new IllegalArgumentException("max_version: must not be older than min_version");
            }
            boolean authorities = clientCa != null || clientCaFile != null;
            if (clientAuthType.isVerified() && !authorities) {
                throw new IllegalArgumentException(
                        "client_auth_type: a client_ca_file is needed to verify certificates");
            }
            if (!clientAuthType.isVerified() && authorities) {
                throw new IllegalArgumentException(
                        "client_ca_file: is of no use without a client_auth_type that verifies");
            }
            if (!clientAuthType.isVerified() && !clientAllowedSans.isEmpty()) {
                throw new IllegalArgumentException(
                        "client_allowed_sans: is of no use without a client_auth_type that verifies");
            }
            for (String curve : curvePreferences) {
                if (!TlsConfigurator.CURVES.containsKey(curve)) {
                    throw new IllegalArgumentException("curve_preferences: " + curve + ": expected one of "
                            + String.join(", ", TlsConfigurator.CURVES.keySet()));
                }
            }
        }

        private static void requireOne(String key, @Nullable String inline, @Nullable Path file) {
            if ((inline == null) == (file == null)) {
                throw new IllegalArgumentException(key + "_file: give " + key + "_file or " + key + ", one of them");
            }
        }

        private TlsServerConfig relativeTo(Path folder) {
            return new TlsServerConfig(
                    cert,
                    below(folder, certFile),
                    key,
                    below(folder, keyFile),
                    clientCa,
                    below(folder, clientCaFile),
                    clientAllowedSans,
                    clientAuthType,
                    minVersion,
                    maxVersion,
                    cipherSuites,
                    curvePreferences,
                    preferServerCipherSuites);
        }

        private static @Nullable Path below(Path folder, @Nullable Path file) {
            return file == null ? null : folder.resolve(file);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "TlsServerConfig[certFile=" + certFile + ", keyFile=" + keyFile + ", clientAuthType="
                    + clientAuthType + "]";
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
                        config.tlsServerConfig.relativeTo(folder),
                        config.httpServerConfig,
                        config.basicAuthUsers,
                        config.rateLimit);
    }
}
