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
}
