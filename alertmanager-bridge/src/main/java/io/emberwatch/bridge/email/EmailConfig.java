package io.emberwatch.bridge.email;

import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.template.TemplateConfig;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mail to a list of people.
 *
 * @param name what routes and metrics call it
 * @param host the SMTP server
 * @param port its port: 587 for submission, 465 with {@code tls: tls}, 25 for a relay
 * @param tls whether the connection is encrypted
 * @param caFile certificates in PEM that the server's certificate may be signed by; absent for the system's
 * @param username absent for no authentication
 * @param from the sender
 * @param to the receivers; each succeeds or fails by itself
 * @param timeout for connecting, and for each answer and write
 * @param maxSize how large a mail may be; what does not fit is counted in it
 * @param maxAlerts how many alerts a mail shows
 * @param template texts in place of the built-in ones
 * @param timeZone of times in its mails; absent for the bridge's
 * @param ratePerSecond how many mails a second on average
 * @param burst how many mails at once
 */
public record EmailConfig(
        String name,
        String host,
        @Default("587") int port,
        @Default("starttls") Tls tls,
        @Nullable Path caFile,
        @Nullable String username,
        @Nullable Secret password,
        String from,
        List<String> to,
        @Default("30s") Duration timeout,
        @Default("1MiB") ByteSize maxSize,
        @Default("200") int maxAlerts,
        @Default("{}") TemplateConfig template,
        @Nullable String timeZone,
        @Default("5") double ratePerSecond,
        @Default("20") int burst) {
    /** How the connection is protected. */
    public enum Tls {
        /** Not at all: for a relay on the same machine. */
        NONE,
        /** Encrypted after STARTTLS, which the server must offer. */
        STARTTLS,
        /** Encrypted from the beginning. */
        TLS
    }

    public EmailConfig {
        if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
            throw new IllegalArgumentException(
                    "name: " + name + ": expected letters, digits, '_', '.' and '-', at most 64");
        }
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("host: expected a host, and a port from 1 to 65535");
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException("username: must be given together with password");
        }
        Times.requireZone(timeZone);
        address("from", from);
        to = List.copyOf(to);
        if (to.isEmpty()) {
            throw new IllegalArgumentException("to: expected at least one address");
        }
        to.forEach(one -> address("to", one));
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: must be above zero");
        }
        if (maxSize.bytes() < 50_000 || maxAlerts < 1) {
            throw new IllegalArgumentException("max_size is at least 50kB, max_alerts at least 1");
        }
        if (!(ratePerSecond > 0) || burst < 1) {
            throw new IllegalArgumentException("rate_per_second must be above 0, burst at least 1");
        }
    }

    private static void address(String key, String text) {
        try {
            address(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException with the text when it is no mail address */
    static InternetAddress address(String text) {
        try {
            InternetAddress[] parsed = InternetAddress.parse(text, true);
            if (parsed.length != 1 || !parsed[0].getAddress().contains("@") || text.matches("(?s).*[\\r\\n].*")) {
                throw new IllegalArgumentException(text + ": expected one mail address such as ops@example.com");
            }
            return parsed[0];
        } catch (AddressException e) {
            throw new IllegalArgumentException(text + ": " + e.getMessage(), e);
        }
    }
}
