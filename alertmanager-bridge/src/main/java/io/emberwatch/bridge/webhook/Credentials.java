package io.emberwatch.bridge.webhook;

import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Lets those in who know the secret; how long a refusal takes tells nothing about it.
 *
 * <p>Instead of an {@code Authorization}, a request may carry {@code X-Emberwatch-Signature: t=TIME,v1=HEX}: the time in
 * Unix seconds, at most {@value #MAX_SKEW_SECONDS} s off, and the HMAC-SHA256 of the time, a dot and the body.
 *
 * <p>After {@value #MAX_FAILURES} refusals within a minute an address is not listened to for a minute. It is answered
 * 401 all the same: Alertmanager would not try again soon after anything else either, but shows a 401 as what it is.
 */
public final class Credentials {
    static final int MAX_FAILURES = 20;
    static final int MAX_SKEW_SECONDS = 300;

    private static final int MAX_ADDRESSES = 1000;
    private static final Duration MEMORY = Duration.ofMinutes(1);
    private static final Pattern SIGNATURE = Pattern.compile("t=([0-9]{1,12}),v1=([0-9a-fA-F]{64})");
    private static final String ALGORITHM = "HmacSHA256";

    private final List<byte[]> accepted = new ArrayList<>();
    private final byte @Nullable [] key;
    private final InstantSource clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>();

    private record Failures(int count, Instant since) {}

    public Credentials(@Nullable AuthConfig config, InstantSource clock) {
        this.clock = clock;
        Secret hmac = config == null ? null : config.hmacSecret();
        key = hmac == null ? null : hmac.reveal().getBytes(StandardCharsets.UTF_8);
        if (config == null) {
            return;
        }
        Secret token = config.bearerToken();
        if (token != null) {
            accepted.add(digest("Bearer " + token.reveal()));
        }
        Secret password = config.password();
        if (config.username() != null && password != null) {
            byte[] pair = (config.username() + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
            accepted.add(digest("Basic " + Base64.getEncoder().encodeToString(pair)));
        }
    }

    private boolean isOpen() {
        return accepted.isEmpty() && key == null;
    }

    /** @throws HttpError 401 for whoever is not let in by what stands in the request's head */
    public void check(Exchange exchange) throws HttpError {
        if (!isOpen() && (isLockedOut(exchange) || !isAuthorized(exchange))) {
            refuse(exchange);
        }
    }

    /**
     * Whether the body has to be seen to decide.
     *
     * @throws HttpError 401 when it need not be, as the head says enough
     */
    boolean wantsBody(Exchange exchange) throws HttpError {
        boolean signed = key != null && exchange.header("X-Emberwatch-Signature") != null;
        if (!signed) {
            check(exchange);
        } else if (isLockedOut(exchange)) {
            refuse(exchange);
        }
        return signed;
    }

    /** @throws HttpError 401 when the body is not what was signed */
    void check(Exchange exchange, byte[] body) throws HttpError {
        Matcher signature = SIGNATURE.matcher(String.valueOf(exchange.header("X-Emberwatch-Signature")));
        byte[] secret = key;
        if (secret != null && signature.matches()) {
            long skew = Math.abs(clock.instant().getEpochSecond() - Long.parseLong(signature.group(1)));
            byte[] wanted = mac(secret, signature.group(1), body);
            if (skew <= MAX_SKEW_SECONDS
                    && MessageDigest.isEqual(wanted, HexFormat.of().parseHex(signature.group(2)))) {
                return;
            }
        }
        refuse(exchange);
    }

    private static byte[] mac(byte[] secret, String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update((time + ".").getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    private boolean isAuthorized(Exchange exchange) {
        String given = exchange.header("Authorization");
        int space = given == null ? -1 : given.indexOf(' ');
        if (given == null || space <= 0) {
            return false;
        }
        String scheme = given.substring(0, space);
        byte[] digest = digest((scheme.equalsIgnoreCase("bearer") ? "Bearer" : "Basic") + given.substring(space));
        boolean known = false;
        for (byte[] one : accepted) {
            known |= MessageDigest.isEqual(one, digest);
        }
        return known;
    }

    private synchronized boolean isLockedOut(Exchange exchange) {
        Failures known = failures.get(address(exchange));
        return known != null
                && known.count() >= MAX_FAILURES
                && clock.instant().isBefore(known.since().plus(MEMORY));
    }

    private void refuse(Exchange exchange) throws HttpError {
        remember(address(exchange));
        exchange.setHeader("WWW-Authenticate", "Bearer, Basic realm=\"emberwatch\"");
        throw new HttpError(401, "credentials are missing or wrong");
    }

    private synchronized void remember(String address) {
        Instant now = clock.instant();
        Failures known = failures.remove(address);
        boolean recent = known != null && now.isBefore(known.since().plus(MEMORY));
        failures.put(
                address,
                known != null && recent ? new Failures(known.count() + 1, known.since()) : new Failures(1, now));
        if (failures.size() > MAX_ADDRESSES) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    private static String address(Exchange exchange) {
        return exchange.remoteAddress().getAddress().getHostAddress();
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
