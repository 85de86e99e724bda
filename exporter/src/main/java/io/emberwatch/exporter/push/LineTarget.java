package io.emberwatch.exporter.push;

import java.io.IOException;

/** Somewhere that takes lines of InfluxDB line protocol. */
@FunctionalInterface
public interface LineTarget {
    /**
     * Sends lines and returns once they are there, as far as that can be known.
     *
     * @param lines UTF-8, each with its line end, times in nanoseconds
     * @throws RefusedException when the target answered that it does not take them
     * @throws IOException when it could not be reached, or did not answer
     */
    void send(byte[] lines) throws IOException;

    /** The target answered, and did not take the lines. */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final boolean forEver;

        /** @param forEver whether the same lines would be refused again, so that they need not be kept */
        public RefusedException(String message, boolean forEver) {
            super(message);
            this.forEver = forEver;
        }

        public boolean isForEver() {
            return forEver;
        }
    }
}
