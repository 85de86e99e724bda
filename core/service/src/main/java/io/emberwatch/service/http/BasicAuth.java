package io.emberwatch.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.emberwatch.service.config.Secret;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks users against bcrypt hashes.
 *
 * <p>bcrypt is slow by design, so results are remembered, the last {@value #REMEMBERED} of them, under a keyed digest of
 * user and password; and only one check runs at a time, so that guessing cannot take all processors. An unknown user
 * costs the same check as a known one.
 */
final class BasicAuth {
    static final int REMEMBERED = 128;
    private static final String DIGEST = "HmacSHA256";
    // bcrypt looks at 72 bytes; a longer password is compared by these, as Go does.
    private static final BCrypt.Verifyer VERIFYER =
            BCrypt.verifyer(BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A));

    private final Map<String, Secret> users;
    private final Secret nobody;
    private final SecretKeySpec key;
    private final Map<String, Boolean> results = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Object oneCheck = new Object();

    BasicAuth(Map<String, Secret> users) {
        this.users = Map.copyOf(users);
        SecureRandom random = new SecureRandom();
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        key = new SecretKeySpec(bytes, DIGEST);
        // Of the same cost as the dearest user's hash; what it is a hash of is known to nobody.
        int cost = users.values().stream().mapToInt(BasicAuth::cost).max().orElse(BCrypt.MIN_COST);
        nobody = new Secret(String.format("$2a$%02d$%s", cost, "e".repeat(53)));
    }

    private static int cost(Secret hash) {
        String[] parts = hash.reveal().split("\\$", -1);
        return Integer.parseInt(parts[2]);
    }

    /** Whether these are the users that it was made with. */
    boolean knows(Map<String, Secret> others) {
        return users.equals(others);
    }

    /** Whether an {@code Authorization} header names a user and the password that belongs to it. */
    boolean admits(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
        }
        String credentials;
        try {
            credentials = new String(
                    Base64.getDecoder().decode(authorization.substring(6).trim()), UTF_8);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
        int colon = credentials.indexOf(':');
        return colon >= 0 && admits(credentials.substring(0, colon), credentials.substring(colon + 1));
    }

    private boolean admits(String user, String password) {
        Secret hash = users.get(user);
        String digest = digest(user, password);
        Boolean known = remembered(digest);
        if (known != null) {
            return known;
        }
        synchronized (oneCheck) {
            known = remembered(digest);
            if (known == null) {
                known = matches(password, hash == null ? nobody : hash) && hash != null;
                synchronized (results) {
                    results.put(digest, known);
                }
            }
            return known;
        }
    }

    private @Nullable Boolean remembered(String digest) {
        synchronized (results) {
            return results.get(digest);
        }
    }

    private static boolean matches(String password, Secret hash) {
        return VERIFYER.verify(password.getBytes(UTF_8), hash.reveal().getBytes(UTF_8)).verified;
    }

    private String digest(String user, String password) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(key);
            mac.update(user.getBytes(UTF_8));
            mac.update((byte) 0xff); // in no UTF-8 text
            return Base64.getEncoder().encodeToString(mac.doFinal(password.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + DIGEST, e);
        }
    }
}
