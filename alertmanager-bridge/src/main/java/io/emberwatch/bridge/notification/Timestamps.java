package io.emberwatch.bridge.notification;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;

/**
 * Reads times in the form of RFC 3339. Every alert has two, and the JDK's formatter takes as long for one as the rest of
 * the alert does; so the usual form, which ends with Z, is read here, and every other left to the JDK.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6">RFC 3339, 5.6</a>
 */
final class Timestamps {
    private static final String FORM = "0000-00-00T00:00:00";
    private static final int NANO_DIGITS = 9;

    private Timestamps() {}

    /** @throws DateTimeException when it is no time */
    static Instant parse(String text) {
        int end = text.length() - 1;
        boolean usual = end >= FORM.length()
                && end <= FORM.length() + 1 + NANO_DIGITS
                && text.charAt(end) == 'Z'
                && hasForm(text)
                && (end == FORM.length() || isFraction(text, end));
        if (!usual || number(text, 11, 13) > 23 || number(text, 14, 16) > 59 || number(text, 17, 19) > 59) {
            return OffsetDateTime.parse(text).toInstant();
        }
        long days = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        long seconds = TimeUnit.DAYS.toSeconds(days)
                + TimeUnit.HOURS.toSeconds(number(text, 11, 13))
                + TimeUnit.MINUTES.toSeconds(number(text, 14, 16))
                + number(text, 17, 19);
        return Instant.ofEpochSecond(seconds, nanos(text, end));
    }

    private static boolean hasForm(String text) {
        for (int i = 0; i < FORM.length(); i++) {
            char wanted = FORM.charAt(i);
            char found = text.charAt(i);
            if (wanted == '0' ? found < '0' || found > '9' : found != wanted) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFraction(String text, int end) {
        boolean fraction = text.charAt(FORM.length()) == '.' && end > FORM.length() + 1;
        for (int i = FORM.length() + 1; i < end; i++) {
            fraction &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return fraction;
    }

    private static int nanos(String text, int end) {
        int nanos = 0;
        for (int digit = 0; digit < NANO_DIGITS; digit++) {
            int i = FORM.length() + 1 + digit;
            nanos = nanos * 10 + (i < end ? text.charAt(i) - '0' : 0);
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
