package io.emberwatch.exporter.probe;

import com.google.re2j.Pattern;
import io.emberwatch.exporter.probe.ModuleConfig.HeaderMatch;
import io.emberwatch.exporter.probe.ModuleConfig.Http;
import io.emberwatch.exporter.status.TlsMaterial;
import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.http.HttpClients;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.Dns;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Probes over HTTP and HTTPS, on connections of its own, by blackbox_exporter's rules. */
final class HttpProber implements Prober {
    private static final Map<String, String> HELP = Map.ofEntries(
            Map.entry("probe_http_content_length", "Length of http content response"),
            Map.entry("probe_http_redirects", "The number of redirects"),
            Map.entry("probe_http_ssl", "Indicates if SSL was used for the final redirect"),
            Map.entry("probe_http_status_code", "Response HTTP status code"),
            Map.entry("probe_http_uncompressed_body_length", "Length of uncompressed response body"),
            Map.entry("probe_http_version", "Returns the version of HTTP of the probe response"));
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int MAX_REDIRECTS = 10;

    private final Http config;
    private final TlsMaterial tls;

    HttpProber(Http config) {
        this.config = config;
        tls = new TlsMaterial(config.tlsConfig() == null ? TlsSettings.DEFAULT : config.tlsConfig());
    }

    @Override
    public boolean probe(String target, Deadline deadline, ProbeResult result) throws IOException {
        HttpUrl url = HttpUrl.parse(target.contains("://") ? target : "http://" + target);
        if (url == null) {
            return result.failed("the target is not an address of HTTP");
        }
        PhaseTimer timer = new PhaseTimer();
        int redirects = 0;
        try {
            while (true) {
                long resolving = System.nanoTime();
                InetAddress address = redirects == 0
                        ? Resolver.resolve(
                                url.host(), config.preferredIpProtocol(), config.ipProtocolFallback(), result)
                        : Resolver.resolve(
                                url.host(),
                                config.preferredIpProtocol(),
                                config.ipProtocolFallback(),
                                new ProbeResult(asked -> true));
                timer.resolved(System.nanoTime() - resolving);
                OkHttpClient client = client(url, address, timer);
                Call call = client.newCall(request(url, redirects == 0));
                call.timeout().timeout(Math.max(1, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS);
                try (Response response = call.execute()) {
                    HttpUrl next = config.follows() ? redirect(url, response) : null;
                    if (next == null || redirects == MAX_REDIRECTS) {
                        return judge(response, redirects, timer, result);
                    }
                    if (!result.mayReach(next.toString())) {
                        return result.failed("the target sends on to what may not be probed");
                    }
                    url = next;
                    redirects++;
                } finally {
                    client.connectionPool().evictAll();
                }
            }
        } finally {
            result.phases(timer.seconds());
        }
    }

    private static @Nullable HttpUrl redirect(HttpUrl from, Response response) {
        String location = response.header("Location");
        return response.isRedirect() && location != null ? from.resolve(location) : null;
    }

    private OkHttpClient client(HttpUrl url, InetAddress address, PhaseTimer timer) throws IOException {
        OkHttpClient.Builder client = HttpClients.withTimeout(LONGEST)
                .newBuilder()
                .connectionPool(new ConnectionPool())
                .eventListener(timer)
                .dns(pinned(url.host(), address));
        if (url.isHttps()) {
            TlsMaterial.Loaded material = tls.current();
            client.sslSocketFactory(material.context().getSocketFactory(), material.trust());
            String name = tls.settings().serverName();
            HostnameVerifier verifier = HttpClients.withTimeout(LONGEST).hostnameVerifier();
            client.hostnameVerifier((host, session) -> {
                timer.shown(certificates(session));
                return tls.settings().insecureSkipVerify()
                        || (CertificateDates.areCurrent(timer.certificates())
                                && verifier.verify(name == null ? host : name, session));
            });
        }
        if (!config.enableHttp2()) {
            client.protocols(List.of(Protocol.HTTP_1_1));
        }
        if (config.proxyUrl() != null) {
            HttpUrl proxy = HttpUrl.parse(config.proxyUrl());
            if (proxy != null) {
                client.proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.host(), proxy.port())));
            }
        }
        return client.build();
    }

    // The client's own list holds only what it could trace to an authority.
    private static List<Certificate> certificates(SSLSession session) {
        try {
            return List.of(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static Dns pinned(String host, InetAddress address) {
        return asked -> {
            if (!asked.equals(host)) {
                throw new UnknownHostException(asked + " was not asked for");
            }
            return List.of(address);
        };
    }

    private Request request(HttpUrl url, boolean first) {
        String method = config.method();
        boolean withBody = !config.body().isEmpty() || method.equals("POST") || method.equals("PUT");
        RequestBody body = withBody ? RequestBody.create(config.body().getBytes(StandardCharsets.UTF_8), null) : null;
        Request.Builder request = new Request.Builder().url(url).method(method, body);
        request.header("User-Agent", "Emberwatch probe");
        request.header("Accept-Encoding", config.compression().isEmpty() ? "identity" : config.compression());
        config.headers().forEach(request::header);
        // What tells who we are is for the target alone, not for whom it sends us to.
        if (first && config.basicAuth() != null) {
            ProbeConfig.BasicAuth auth = config.basicAuth();
            request.header(
                    "Authorization",
                    Credentials.basic(
                            auth.username(),
                            auth.password() == null ? "" : auth.password().reveal()));
        } else if (first && config.bearerToken() != null) {
            request.header("Authorization", "Bearer " + config.bearerToken().reveal());
        } else if (first
                && config.authorization() != null
                && config.authorization().credentials() != null) {
            request.header(
                    "Authorization",
                    config.authorization().type() + " "
                            + config.authorization().credentials().reveal());
        }
        return request.build();
    }

    private boolean judge(Response response, int redirects, PhaseTimer timer, ProbeResult result) throws IOException {
        boolean success = status(response, result);
        say(result, "probe_http_redirects", redirects);
        say(result, "probe_http_status_code", response.code());
        say(result, "probe_http_version", version(response));
        success &= versionIsValid(response, result);
        boolean regex = headersAreGood(response, result);
        byte[] body = body(response, result);
        timer.bodyRead();
        say(result, "probe_http_uncompressed_body_length", body.length);
        if (regex && !bodyIsGood(body, result)) {
            regex = false;
        }
        result.failedByRegex(!regex);
        lastModified(response, result);
        boolean secure = tlsIsGood(response, timer, result);
        return success && regex && secure;
    }

    private boolean status(Response response, ProbeResult result) {
        boolean valid = config.validStatusCodes().isEmpty()
                ? response.isSuccessful()
                : config.validStatusCodes().contains(response.code());
        return valid || result.failed("status " + response.code() + " is not a valid one");
    }

    private static double version(Response response) {
        return switch (response.protocol()) {
            case HTTP_1_0 -> 1.0;
            case HTTP_1_1 -> 1.1;
            case HTTP_3 -> 3;
            default -> 2;
        };
    }

    private boolean versionIsValid(Response response, ProbeResult result) {
        double version = version(response);
        String text = "HTTP/" + version;
        return config.validHttpVersions().isEmpty()
                || config.validHttpVersions().contains(text)
                || result.failed(text + " is not a valid version");
    }

    private boolean headersAreGood(Response response, ProbeResult result) {
        for (HeaderMatch match : config.failIfHeaderMatches()) {
            List<String> values = response.headers(match.header());
            if (values.isEmpty() && !match.allowMissing()) {
                return result.failed("the header " + match.header() + " is missing");
            }
            Pattern pattern = Pattern.compile(match.regexp());
            if (values.stream().anyMatch(value -> pattern.matcher(value).find())) {
                return result.failed("the header " + match.header() + " matches what it must not");
            }
        }
        for (HeaderMatch match : config.failIfHeaderNotMatches()) {
            List<String> values = response.headers(match.header());
            if (values.isEmpty()) {
                if (!match.allowMissing()) {
                    return result.failed("the header " + match.header() + " is missing");
                }
                continue;
            }
            Pattern pattern = Pattern.compile(match.regexp());
            if (values.stream().noneMatch(value -> pattern.matcher(value).find())) {
                return result.failed("the header " + match.header() + " does not match");
            }
        }
        return true;
    }

    private byte[] body(Response response, ProbeResult result) throws IOException {
        int limit = config.bodySizeLimit().bytes();
        byte[] raw = response.body().byteStream().readNBytes(limit + 1);
        long declared = response.body().contentLength();
        say(result, "probe_http_content_length", declared);
        if (raw.length > limit) {
            throw new IOException("the body is larger than " + limit + " bytes");
        }
        String encoding = response.header("Content-Encoding", "identity");
        if (config.compression().isEmpty() || encoding == null || encoding.equals("identity")) {
            return raw;
        }
        try (InputStream in = decoded(encoding, raw)) {
            byte[] plain = in.readNBytes(limit + 1);
            if (plain.length > limit) {
                throw new IOException("the body is larger than " + limit + " bytes");
            }
            return plain;
        }
    }

    private static InputStream decoded(String encoding, byte[] raw) throws IOException {
        return switch (encoding) {
            case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(raw));
            case "deflate" -> new InflaterInputStream(new ByteArrayInputStream(raw));
            default -> throw new IOException("the encoding " + encoding + " was not asked for");
        };
    }

    private boolean bodyIsGood(byte[] body, ProbeResult result) {
        String text = new String(body, StandardCharsets.UTF_8);
        for (String pattern : config.failIfBodyMatchesRegexp()) {
            if (Pattern.compile(pattern).matcher(text).find()) {
                return result.failed("the body matches " + pattern);
            }
        }
        for (String pattern : config.failIfBodyNotMatchesRegexp()) {
            if (!Pattern.compile(pattern).matcher(text).find()) {
                return result.failed("the body does not match " + pattern);
            }
        }
        return true;
    }

    private static void lastModified(Response response, ProbeResult result) {
        String text = response.header("Last-Modified");
        if (text != null) {
            try {
                result.gauge(
                        "probe_http_last_modified_timestamp_seconds",
                        "Returns the Last-Modified HTTP response header in unixtime",
                        ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toEpochSecond());
            } catch (DateTimeParseException notADate) {
                // A header that says nothing is as none.
            }
        }
    }

    private boolean tlsIsGood(Response response, PhaseTimer timer, ProbeResult result) {
        Handshake handshake = response.handshake();
        say(result, "probe_http_ssl", handshake == null ? 0 : 1);
        if (handshake != null) {
            result.tls(
                    handshake.tlsVersion().javaName(), handshake.cipherSuite().javaName(), timer.certificates());
            return !config.failIfSsl() || result.failed("the final request was over TLS");
        }
        return !config.failIfNotSsl() || result.failed("the final request was not over TLS");
    }

    private static void say(ProbeResult result, String name, double value) {
        result.gauge(name, HELP.getOrDefault(name, ""), value);
    }

    @Override
    public List<MetricFamily> initial() {
        ProbeResult nothing = new ProbeResult(address -> true);
        nothing.failedByRegex(false);
        HELP.forEach((name, help) -> nothing.gauge(name, help, 0));
        return nothing.families().list();
    }
}
