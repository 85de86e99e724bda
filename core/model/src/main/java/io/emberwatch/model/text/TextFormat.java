package io.emberwatch.model.text;

import org.jspecify.annotations.Nullable;

/** The exposition formats that Emberwatch writes and reads. */
public enum TextFormat {
    PROMETHEUS_0_0_4("text/plain; version=0.0.4; charset=utf-8"),
    OPENMETRICS_1_0("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    TextFormat(String contentType) {
        this.contentType = contentType;
    }

    /** The value of the Content-Type header. */
    public String contentType() {
        return contentType;
    }

    /**
     * The format to answer with, by the quality values of an Accept header (RFC 9110 §12.5.1).
     *
     * @param accept the header, or null when there was none; 0.0.4 is the answer to whatever is not understood
     */
    public static TextFormat negotiate(@Nullable String accept) {
        throw new UnsupportedOperationException();
    }
}
