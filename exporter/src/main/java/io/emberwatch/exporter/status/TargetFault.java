package io.emberwatch.exporter.status;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serial;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;

/** Why a server's status could not be read. The message holds no secret. */
public final class TargetFault extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The kinds of faults, as the label {@code reason} spells them. */
    public enum Reason {
        UNREACHABLE("unreachable"),
        TIMEOUT("timeout"),
        TLS("tls"),
        /** It knows neither our name nor our password, or does not let us see its status. */
        DENIED("denied"),
        HTTP_STATUS("http_status"),
        TOO_LARGE("too_large"),
        GARBAGE("garbage");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        static List<String> texts() {
            return Arrays.stream(values()).map(Reason::text).toList();
        }
    }

    private final Reason reason;

    public TargetFault(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** An answer that is not what such a server says. */
    public static TargetFault garbage(String message) {
        return new TargetFault(Reason.GARBAGE, message);
    }

    /** What a failed exchange means. */
    public static TargetFault of(IOException e) {
        Reason reason = Reason.UNREACHABLE;
        if (e instanceof InterruptedIOException || e instanceof SocketTimeoutException) {
            reason = Reason.TIMEOUT;
        } else if (e instanceof SSLException) {
            reason = Reason.TLS;
        }
        return new TargetFault(reason, e.getMessage() == null ? e.toString() : e.getMessage());
    }

    public Reason reason() {
        return reason;
    }
}
