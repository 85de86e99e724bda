package io.emberwatch.exporter.scrape;

import java.io.IOException;
import java.io.Serial;

/** There is nothing to collect here, and that is no fault: the kernel lacks the feature, the device is not there. */
public final class NoDataException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public NoDataException(String message) {
        super(message);
    }

    /** Nobody looks at the stack of what is no fault, and at every scrape it costs more than the rest of the answer. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
