package io.emberwatch.bridge.action;

import io.emberwatch.service.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens with HMAC-SHA256 and knows its own again. Mattermost does not sign what it sends, and anybody can ask for
 * a link: that a token is genuine is all there is to go by.
 */
public final class Tokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int FIELDS = 6;

    private final List<byte[]> keys = new ArrayList<>();

    /** @param previous is accepted, but signs nothing */
    public Tokens(Secret secret, @Nullable Secret previous) {
        keys.add(secret.reveal().getBytes(StandardCharsets.UTF_8));
        if (previous != null) {
            keys.add(previous.reveal().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The token as text that stands in an address as it is. */
    public String sign(Token token) {
        String text = token.text();
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(mac(keys.get(0), text));
    }

    /** The token that a text is, whether it is still good or not; null when it is none of this bridge's. */
    public @Nullable Token read(String signed) {
        int dot = signed.indexOf('.');
        if (dot < 0) {
            return null;
        }
        try {
            Base64.Decoder base64 = Base64.getUrlDecoder();
            String text = new String(base64.decode(signed.substring(0, dot)), StandardCharsets.UTF_8);
            byte[] given = base64.decode(signed.substring(dot + 1));
            boolean genuine = false;
            for (byte[] key : keys) {
                genuine |= MessageDigest.isEqual(mac(key, text), given);
            }
            return genuine ? parse(text) : null;
        } catch (IllegalArgumentException e) {
            return null; // not Base64
        }
    }

    private static @Nullable Token parse(String text) {
        String[] fields = text.split("\\|", -1);
        Action action = fields.length == FIELDS ? Action.of(fields[0]) : null;
        return action == null
                ? null
                : new Token(
                        action,
                        fields[1],
                        fields[2],
                        fields[3],
                        Integer.parseInt(fields[4]),
                        Instant.ofEpochSecond(Long.parseLong(fields[5])));
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }
}
