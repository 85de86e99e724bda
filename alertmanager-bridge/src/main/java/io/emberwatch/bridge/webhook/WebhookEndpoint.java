package io.emberwatch.bridge.webhook;

import io.emberwatch.bridge.delivery.Inlet;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.metrics.BridgeMetrics.Verdict;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.outbox.Taken;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes Alertmanager's webhook. Alertmanager forgets a notification at any 2xx, tries again within its group interval at
 * any 5xx or no answer, and only at the next group interval at anything else, when the alert may be over. So:
 *
 * <ul>
 *   <li>200 when it is on disk, also when it is a duplicate, names an unknown receiver, or cannot be read: then it is
 *       kept as it is and reported, since sending it again would not help
 *   <li>503 when it cannot be put on disk now
 *   <li>401 without credentials, 405 for anything but POST, 413 above {@value #MAX_BODY} bytes
 *   <li>never a redirect, which would turn the POST into a GET; never 408 or 429, which are not tried again
 * </ul>
 *
 * <p>While it is being put on disk a request keeps no thread, so that thousands that come at once cost no thousands of
 * threads.
 */
public final class WebhookEndpoint {
    static final int MAX_BODY = 16 << 20;

    private static final int KIB = 1024;
    private static final int MAX_DIGITS = 9;
    private static final int WAIT_SECONDS = 2;
    private static final Logger logger = LoggerFactory.getLogger("bridge.webhook");

    private final Inlet inlet;
    private final Credentials credentials;
    private final BridgeMetrics metrics;
    // Of all bodies that are being read at once, in KiB.
    private final Semaphore memory;

    public WebhookEndpoint(Inlet inlet, Credentials credentials, BridgeMetrics metrics) {
        this.inlet = inlet;
        this.credentials = credentials;
        this.metrics = metrics;
        long share = Math.max(2L * MAX_BODY, Runtime.getRuntime().maxMemory() / 4);
        memory = new Semaphore((int) Math.min(Integer.MAX_VALUE, share / KIB));
    }

    /**
     * Answers one request.
     *
     * @param path where it is mounted; what follows in the request's path is the receiver's name
     */
    public void handle(Exchange exchange, String path) throws IOException, HttpError {
        String receiver = receiver(exchange, path);
        boolean signed = isSigned(exchange);
        int share = reserve(exchange);
        boolean begun = false;
        try {
            byte[] body = read(exchange);
            if (signed) {
                checkSignature(exchange, body);
            }
            CompletableFuture<Taken> taken = take(body, receiver);
            exchange.respondWhen(taken, () -> answer(exchange, taken, share));
            begun = true;
        } catch (OutboxException e) {
            throw unavailable(e);
        } finally {
            if (!begun) {
                memory.release(share);
            }
        }
    }

    private void answer(Exchange exchange, CompletableFuture<Taken> taken, int share) throws IOException, HttpError {
        try {
            inlet.settle(taken);
        } catch (OutboxException e) {
            throw unavailable(e);
        } finally {
            memory.release(share);
        }
        exchange.respond(200);
    }

    private static HttpError unavailable(OutboxException e) {
        logger.atWarn().addKeyValue("reason", e.getMessage()).log("notification refused for now");
        return new HttpError(503, "cannot be stored now: " + e.getMessage());
    }

    private boolean isSigned(Exchange exchange) throws HttpError {
        try {
            return credentials.wantsBody(exchange);
        } catch (HttpError e) {
            metrics.received(Verdict.UNAUTHORIZED);
            throw e;
        }
    }

    private void checkSignature(Exchange exchange, byte[] body) throws HttpError {
        try {
            credentials.check(exchange, body);
        } catch (HttpError e) {
            metrics.received(Verdict.UNAUTHORIZED);
            throw e;
        }
    }

    private static String receiver(Exchange exchange, String path) {
        return exchange.path().length() > path.length() ? exchange.path().substring(path.length() + 1) : "";
    }

    private int reserve(Exchange exchange) throws HttpError {
        int share = Math.max(1, (declaredLength(exchange) + KIB - 1) / KIB);
        try {
            if (memory.tryAcquire(share, WAIT_SECONDS, TimeUnit.SECONDS)) {
                return share;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        metrics.received(Verdict.UNAVAILABLE);
        throw new HttpError(503, "too many large requests at once");
    }

    private static int declaredLength(Exchange exchange) {
        String length = exchange.header("Content-Length");
        if (length == null || length.isEmpty() || length.length() > MAX_DIGITS) {
            return MAX_BODY;
        }
        int declared = 0;
        for (int i = 0; i < length.length(); i++) {
            int digit = length.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return MAX_BODY;
            }
            declared = declared * 10 + digit;
        }
        return Math.min(MAX_BODY, declared);
    }

    private byte[] read(Exchange exchange) throws IOException, HttpError {
        try {
            return exchange.body(MAX_BODY);
        } catch (HttpError e) {
            metrics.received(Verdict.TOO_LARGE);
            inlet.notice(
                    "too_large",
                    "A notification was too large to take",
                    "from " + exchange.remoteAddress().getAddress().getHostAddress() + ": more than " + MAX_BODY
                            + " bytes; set max_alerts in Alertmanager's webhook_config");
            throw e;
        } catch (IOException e) {
            metrics.received(Verdict.ABORTED);
            throw e;
        }
    }

    private CompletableFuture<Taken> take(byte[] body, String receiver) {
        Notification notification;
        try {
            notification = WebhookJson.parse(body);
        } catch (MalformedPayload e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("notification cannot be read, kept as it came");
            return inlet.unparsable(receiver, String.valueOf(e.getMessage()), Payload.of(body));
        }
        return inlet.begin(
                "webhook", receiver.isEmpty() ? notification : notification.withReceiver(receiver), Payload.of(body));
    }
}
