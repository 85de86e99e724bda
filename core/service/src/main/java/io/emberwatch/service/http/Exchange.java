package io.emberwatch.service.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** One request and its answer. */
public final class Exchange {
    /** The largest request body that {@link #body} hands out unless told otherwise: 16 MiB. */
    public static final int DEFAULT_BODY_LIMIT = 16 << 20;

    private static final int SMALLEST_GZIP = 1024;
    private static final int LARGEST_TRUSTED = 64 << 10;
    private static final int FASTEST = 1;

    private final HttpExchange http;
    private @Nullable Map<String, List<String>> query;
    private @Nullable Later later;

    /** What answers a request once that can be done without waiting. */
    @FunctionalInterface
    public interface Answer {
        void give() throws IOException, HttpError;
    }

    record Later(CompletionStage<?> ready, Answer answer) {}

    Exchange(HttpExchange http) {
        this.http = http;
    }

    public String method() {
        return http.getRequestMethod();
    }

    /** The decoded path, without query. */
    public String path() {
        return http.getRequestURI().getPath();
    }

    public InetSocketAddress remoteAddress() {
        return http.getRemoteAddress();
    }

    public InetSocketAddress localAddress() {
        return http.getLocalAddress();
    }

    /** The first value of a request header, or null. */
    public @Nullable String header(String name) {
        return http.getRequestHeaders().getFirst(name);
    }

    /** All values of a query parameter, in order; empty when it is not there. */
    public List<String> params(String name) {
        Map<String, List<String>> parsed = query;
        if (parsed == null) {
            parsed = parseForm(http.getRequestURI().getRawQuery());
            query = parsed;
        }
        return parsed.getOrDefault(name, List.of());
    }

    /** The first value of a query parameter, or null. */
    public @Nullable String param(String name) {
        List<String> values = params(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** Reads parameters from an {@code application/x-www-form-urlencoded} body too, as the Prometheus API allows. */
    public void readForm() throws IOException, HttpError {
        String type = header("Content-Type");
        if (method().equals("POST") && type != null && type.startsWith("application/x-www-form-urlencoded")) {
            Map<String, List<String>> merged = parseForm(http.getRequestURI().getRawQuery());
            parseForm(new String(body(DEFAULT_BODY_LIMIT), StandardCharsets.UTF_8))
                    .forEach((name, values) ->
                            merged.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values));
            query = merged;
        }
    }

    private static Map<String, List<String>> parseForm(@Nullable String text) {
        Map<String, List<String>> form = new LinkedHashMap<>();
        if (text == null || text.isEmpty()) {
            return form;
        }
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals));
            form.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(equals < 0 ? "" : decode(part.substring(equals + 1)));
        }
        return form;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text; // a stray percent sign stands for itself
        }
    }

    /**
     * The request body.
     *
     * @throws HttpError 413 when it is longer than {@code limit} bytes
     */
    public byte[] body(int limit) throws IOException, HttpError {
        InputStream in = http.getRequestBody();
        // A small body is read into what will be handed out; a large one has to arrive before it costs memory.
        int declared = declaredLength();
        if (declared > 0 && declared <= Math.min(limit, LARGEST_TRUSTED)) {
            byte[] exact = new byte[declared];
            int arrived = in.readNBytes(exact, 0, declared);
            return arrived == declared ? exact : Arrays.copyOf(exact, arrived);
        }
        byte[] body = in.readNBytes(limit + 1);
        if (body.length > limit) {
            throw new HttpError(413, "request body is larger than " + limit + " bytes");
        }
        return body;
    }

    // What the server reads at most when it is there; 0 when it is not, or is no number that fits.
    private int declaredLength() {
        String length = header("Content-Length");
        try {
            return length == null || header("Transfer-Encoding") != null ? 0 : Integer.parseInt(length);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The request body as it arrives, for whoever reads it piece by piece and keeps to a bound of his own. */
    public InputStream bodyStream() {
        return http.getRequestBody();
    }

    /** Sets a response header; before the answer begins. */
    public Exchange setHeader(String name, String value) {
        http.getResponseHeaders().set(name, value);
        return this;
    }

    /** Answers with a body, compressed when that pays and the client takes it; HEAD gets the headers alone. */
    public void respond(int status, String contentType, byte[] body) throws IOException {
        respond(status, contentType, body, body.length);
    }

    /** Answers with the first {@code length} bytes of {@code body}, as {@link #respond(int, String, byte[])} does. */
    void respond(int status, String contentType, byte[] body, int length) throws IOException {
        setHeader("Content-Type", contentType);
        byte[] sent = body;
        int size = length;
        if (length >= SMALLEST_GZIP) {
            setHeader("Vary", "Accept-Encoding");
            if (acceptsGzip(header("Accept-Encoding"))) {
                setHeader("Content-Encoding", "gzip");
                sent = gzip(body, length);
                size = sent.length;
            }
        }
        if (method().equals("HEAD")) {
            setHeader("Content-Length", Integer.toString(size));
            http.sendResponseHeaders(status, -1);
        } else {
            http.sendResponseHeaders(status, size == 0 ? -1 : size);
            if (size > 0) {
                http.getResponseBody().write(sent, 0, size);
            }
        }
        http.close();
    }

    /**
     * Answers once {@code ready} has ended, well or not. Until then the request costs no thread: the handler returns after
     * this call.
     *
     * @param answer runs on one of the server's few threads for this, so it must not wait for anything
     */
    public void respondWhen(CompletionStage<?> ready, Answer answer) {
        later = new Later(ready, answer);
    }

    @Nullable
    Later later() {
        return later;
    }

    /** Answers HEAD where the body is not worth making: the headers of GET, without its length. */
    public void respondHead(int status, String contentType) throws IOException {
        setHeader("Content-Type", contentType);
        setHeader("Vary", "Accept-Encoding");
        http.sendResponseHeaders(status, -1);
        http.close();
    }

    public void respondText(int status, String text) throws IOException {
        respond(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public void respondJson(int status, byte[] json) throws IOException {
        respond(status, "application/json", json);
    }

    /** Answers without a body; unlike an answer with one it goes out in one piece. */
    public void respond(int status) throws IOException {
        http.sendResponseHeaders(status, -1);
        http.close();
    }

    public void redirect(String location) throws IOException {
        setHeader("Location", location);
        respondText(302, "see " + location + "\n");
    }

    /**
     * Begins an answer of unknown length, such as server-sent events; closing the stream ends it. HEAD gets the headers
     * alone and a stream that keeps nothing.
     */
    public OutputStream stream(int status, String contentType) throws IOException {
        setHeader("Content-Type", contentType);
        if (method().equals("HEAD")) {
            http.sendResponseHeaders(status, -1);
            return OutputStream.nullOutputStream();
        }
        http.sendResponseHeaders(status, 0);
        return http.getResponseBody();
    }

    static boolean acceptsGzip(@Nullable String acceptEncoding) {
        if (acceptEncoding == null) {
            return false;
        }
        boolean any = false;
        for (String part : acceptEncoding.split(",", -1)) {
            String[] coding = part.trim().split(";", 2);
            boolean wanted = coding.length == 1 || !coding[1].replace(" ", "").matches("[qQ]=0(\\.0*)?");
            if (coding[0].trim().equalsIgnoreCase("gzip")) {
                return wanted;
            }
            any |= wanted && coding[0].trim().equals("*");
        }
        return any;
    }

    private static byte[] gzip(byte[] body, int length) throws IOException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(length / 4);
        try (GZIPOutputStream gzip = new FastGzip(buffer)) {
            gzip.write(body, 0, length);
        }
        return buffer.toByteArray();
    }

    // Level 1 costs less than half of the default 6 and is within an eighth of its size on metric pages.
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8192);
            def.setLevel(FASTEST);
            def.setStrategy(Deflater.DEFAULT_STRATEGY);
        }
    }
}
