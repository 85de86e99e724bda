package io.emberwatch.rules.remote;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a receiver takes what it is sent; a change is logged once. */
final class ReceiverState {
    private static final Logger logger = LoggerFactory.getLogger("rules.remote");

    private final String name;
    private String failure = "";
    private String rejection = "";
    private volatile boolean closed;

    ReceiverState(String name) {
        this.name = name;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    synchronized void delivered() {
        if (!failure.isEmpty() || !rejection.isEmpty()) {
            logger.atInfo().addKeyValue("remote", name).log("the receiver takes samples again");
        }
        failure = "";
        rejection = "";
    }

    synchronized void failing(String reason) {
        if (failure.isEmpty()) {
            logger.atWarn()
                    .addKeyValue("remote", name)
                    .addKeyValue("reason", reason)
                    .log("the receiver takes no samples, they wait in the store");
        }
        failure = reason;
    }

    synchronized void rejected(String reason) {
        if (rejection.isEmpty()) {
            logger.atError()
                    .addKeyValue("remote", name)
                    .addKeyValue("reason", reason)
                    .log("the receiver refuses samples, they are dropped");
        }
        rejection = reason;
    }
}
