package io.emberwatch.bridge.email;

import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.render.Clip;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.util.MailConnectException;
import org.eclipse.angus.mail.util.SocketConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Says what became of a mail, for each receiver. Replies of 400 and above are for later, of 500 and above for ever.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1">RFC 5321, reply codes</a>
 */
final class SmtpOutcome {
    private static final int CLOSING = 421;
    private static final int TOO_LARGE = 552;
    private static final int MAX_REASON = 300;

    private SmtpOutcome() {}

    /** The mail was taken for everybody, or a failure that came before anything was sent. */
    static Outcome beforeSending(MessagingException e) {
        if (e instanceof AuthenticationFailedException) {
            return Outcome.Retry.channel("535", "the server refuses username and password: " + reason(e));
        }
        if (e instanceof MailConnectException || cause(e, SocketConnectException.class) != null) {
            return Outcome.Retry.channel("connect", reason(e));
        }
        return Outcome.Retry.channel(cause(e, SocketTimeoutException.class) != null ? "timeout" : "smtp", reason(e));
    }

    /**
     * What a failure while sending means.
     *
     * @param remaining those whom the mail was for
     * @param reference what to remember of the incident's first mail
     */
    static Outcome whileSending(MessagingException e, List<String> remaining, String reference) {
        Map<String, Integer> codes = new HashMap<>();
        Map<String, String> reasons = new HashMap<>();
        SMTPSenderFailedException sender = null;
        Exception next = e;
        while (next != null) {
            if (next instanceof SMTPAddressFailedException failed) {
                codes.put(failed.getAddress().getAddress(), failed.getReturnCode());
                reasons.put(failed.getAddress().getAddress(), reason(failed));
            } else if (next instanceof SMTPSenderFailedException refused) {
                sender = refused;
            }
            next = next instanceof MessagingException messaging ? messaging.getNextException() : null;
        }
        if (sender != null) {
            return sender(sender);
        }
        Set<String> sent = sent(e);
        if (!sent.isEmpty()) {
            return partly(remaining, sent, new Replies(codes, reasons), reference);
        }
        if (cause(e, IOException.class) != null && !(e instanceof SMTPSendFailedException)) {
            // The mail may have been taken and the answer lost: try the very same mail again.
            String code = cause(e, SocketTimeoutException.class) != null ? "timeout" : "reset";
            return Outcome.Retry.channel(code, reason(e)).maybeArrived().withProgress(String.join("\n", remaining));
        }
        return nobody(e, remaining, new Replies(codes, reasons));
    }

    private record Replies(Map<String, Integer> codes, Map<String, String> reasons) {
        int code(String address) {
            return codes.getOrDefault(address, 450);
        }

        Outcome.Refusal refusal(String address) {
            return new Outcome.Refusal(
                    address, Integer.toString(code(address)), reasons.getOrDefault(address, "refused"));
        }
    }

    private static Set<String> sent(MessagingException e) {
        Set<String> sent = new HashSet<>();
        if (e instanceof SendFailedException failed && failed.getValidSentAddresses() != null) {
            for (Address address : failed.getValidSentAddresses()) {
                sent.add(((InternetAddress) address).getAddress());
            }
        }
        return sent;
    }

    private static Outcome sender(SMTPSenderFailedException e) {
        String code = Integer.toString(e.getReturnCode());
        return e.getReturnCode() == TOO_LARGE
                ? new Outcome.Rejected(code, reason(e))
                : Outcome.Retry.channel(code, "the server refuses the sender: " + reason(e));
    }

    private static Outcome partly(List<String> remaining, Set<String> sent, Replies replies, String reference) {
        List<Outcome.Refusal> refusals = new ArrayList<>();
        List<String> later = new ArrayList<>();
        for (String address : remaining) {
            if (sent.contains(address)) {
                continue;
            }
            if (replies.code(address) >= 500) {
                refusals.add(replies.refusal(address));
            } else {
                later.add(address);
            }
        }
        return new Outcome.Delivered("250", reference, refusals, later.isEmpty() ? null : String.join("\n", later));
    }

    private static Outcome nobody(MessagingException e, List<String> remaining, Replies replies) {
        if (e instanceof SMTPSendFailedException failed && replies.codes().isEmpty()) {
            int code = failed.getReturnCode();
            if (code == CLOSING) {
                return Outcome.Retry.channel("421", reason(e));
            }
            return code >= 500
                    ? new Outcome.Rejected(Integer.toString(code), reason(e))
                    : Outcome.Retry.message(Integer.toString(Math.max(code, 400)), reason(e));
        }
        String worst = remaining.stream()
                .filter(address -> replies.code(address) < 500)
                .findFirst()
                .orElse(remaining.get(0));
        String why = remaining.stream()
                .map(address -> address + ": " + replies.refusal(address).reason())
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
        String code = Integer.toString(replies.code(worst));
        return replies.code(worst) >= 500
                ? new Outcome.Rejected(code, Clip.to(why, MAX_REASON))
                : Outcome.Retry.message(code, Clip.to(why, MAX_REASON));
    }

    private static String reason(Exception e) {
        return Clip.to(Clip.oneLine(String.valueOf(e.getMessage())), MAX_REASON);
    }

    private static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> type) {
        Throwable next = e;
        for (int depth = 0; next != null && depth < 10; depth++) {
            if (type.isInstance(next)) {
                return type.cast(next);
            }
            next = next.getCause();
        }
        return null;
    }
}
