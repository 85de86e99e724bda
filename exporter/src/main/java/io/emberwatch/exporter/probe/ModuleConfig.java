package io.emberwatch.exporter.probe;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.config.YamlNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A way to probe, in the form of blackbox_exporter's modules. Modules with another prober than {@code http} and {@code
 * tcp} can be read, so that a whole file can, but not be used.
 *
 * @param timeout how long a probe may take, never longer than the scrape that asked for it
 */
public record ModuleConfig(
        String prober,
        @Nullable Duration timeout,
        @Default("{}") Http http,
        @Default("{}") Tcp tcp,
        @Nullable YamlNode icmp,
        @Nullable YamlNode dns,
        @Nullable YamlNode grpc,
        @Nullable YamlNode unix) {

    boolean isSupported() {
        return prober.equals("http") || prober.equals("tcp");
    }

    /** Which family of addresses comes first. */
    enum IpProtocol {
        IP4,
        IP6
    }

    /**
     * How to probe over HTTP.
     *
     * @param validStatusCodes what is a success; every 2xx when empty
     * @param validHttpVersions such as {@code HTTP/1.1}; every one when empty
     * @param followRedirects blackbox_exporter's key of today for what {@code no_follow_redirects} denied
     */
    record Http(
            @Default("[]") List<Integer> validStatusCodes,
            @Default("[]") List<String> validHttpVersions,
            @Default("ip6") IpProtocol preferredIpProtocol,
            @Default("true") boolean ipProtocolFallback,
            @Default("false") boolean skipResolvePhaseWithProxy,
            @Nullable Boolean noFollowRedirects,
            @Default("true") boolean followRedirects,
            @Default("false") boolean failIfSsl,
            @Default("false") boolean failIfNotSsl,
            @Default("GET") String method,
            @Default("{}") Map<String, String> headers,
            @Default("[]") List<String> failIfBodyMatchesRegexp,
            @Default("[]") List<String> failIfBodyNotMatchesRegexp,
            @Default("[]") List<HeaderMatch> failIfHeaderMatches,
            @Default("[]") List<HeaderMatch> failIfHeaderNotMatches,
            @Default("''") String body,
            @Default("''") String compression,
            @Default("16MiB") BodyLimit bodySizeLimit,
            ProbeConfig.@Nullable BasicAuth basicAuth,
            @Nullable Secret bearerToken,
            @Nullable Authorization authorization,
            @Nullable String proxyUrl,
            @Default("true") boolean enableHttp2,
            @Nullable TlsSettings tlsConfig) {
        Http {
            compile("fail_if_body_matches_regexp", failIfBodyMatchesRegexp);
            compile("fail_if_body_not_matches_regexp", failIfBodyNotMatchesRegexp);
        }

        boolean follows() {
            return followRedirects && !Boolean.TRUE.equals(noFollowRedirects);
        }
    }

    /** What a header must be or must not be. */
    record HeaderMatch(
            String header, String regexp, @Default("false") boolean allowMissing) {
        HeaderMatch {
            compile("regexp", List.of(regexp));
        }
    }

    /** What goes into the header {@code Authorization}. */
    record Authorization(
            @Default("Bearer") String type, @Nullable Secret credentials) {}

    /**
     * How much of a body is read, {@code 10MB} as Prometheus writes it; 0 for the most there is, 16 MiB.
     *
     * @param bytes at most 16 MiB
     */
    record BodyLimit(int bytes) {
        private static final int MOST = 16 << 20;

        static BodyLimit parse(String text) {
            long bytes = text.equals("0") ? MOST : ByteSize.parse(text).bytes();
            return new BodyLimit((int) Math.min(MOST, Math.max(1, bytes)));
        }
    }

    /** How to probe over TCP. */
    record Tcp(
            @Default("ip6") IpProtocol preferredIpProtocol,
            @Default("true") boolean ipProtocolFallback,
            @Nullable String sourceIpAddress,
            @Default("[]") List<Exchange> queryResponse,
            @Default("false") boolean tls,
            @Nullable TlsSettings tlsConfig) {}

    /**
     * One step of a conversation: wait for a line, then say one, then begin TLS.
     *
     * @param expect a pattern that a line must match; lines that do not are passed over
     * @param expectBytes text that must come, wherever lines end
     * @param send with {@code ${1}} for what {@code expect} found
     */
    record Exchange(
            @Default("''") String expect,
            @Default("''") String expectBytes,
            @Default("''") String send,
            @Default("[]") List<ExpectLabel> labels,
            @Default("false") boolean starttls) {
        Exchange {
            compile("expect", List.of(expect));
        }
    }

    /** A label of {@code probe_expect_info}. */
    record ExpectLabel(String name, String value) {}

    private static void compile(String key, List<String> patterns) {
        try {
            patterns.forEach(Pattern::compile);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    /** The status codes as a sentence, for messages. */
    @Override
    public String toString() {
        return prober.toLowerCase(Locale.ROOT);
    }
}
