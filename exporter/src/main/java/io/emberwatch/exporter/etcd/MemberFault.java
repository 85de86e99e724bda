package io.emberwatch.exporter.etcd;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serial;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;

/** Why a member could not be read. */
final class MemberFault extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The kinds of faults, as the label {@code reason} spells them. */
    enum Reason {
        UNREACHABLE("unreachable"),
        TIMEOUT("timeout"),
        TLS("tls"),
        HTTP_STATUS("http_status"),
        TOO_LARGE("too_large"),
        GARBAGE("garbage");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        static List<String> texts() {
            return Arrays.stream(values()).map(Reason::text).toList();
        }
    }

    private final Reason reason;

    MemberFault(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What a failed call means. */
    static MemberFault of(IOException e) {
        Reason reason = Reason.UNREACHABLE;
        if (e instanceof InterruptedIOException) {
            reason = Reason.TIMEOUT;
        } else if (e instanceof SSLException) {
            reason = Reason.TLS;
        }
        return new MemberFault(reason, String.valueOf(e.getMessage()));
    }

    Reason reason() {
        return reason;
    }
}
