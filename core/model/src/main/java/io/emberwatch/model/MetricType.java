package io.emberwatch.model;

/** The metric types of Prometheus text format 0.0.4 and OpenMetrics 1.0. */
public enum MetricType {
    COUNTER("counter"),
    GAUGE("gauge"),
    HISTOGRAM("histogram"),
    SUMMARY("summary"),
    /** {@code untyped} in 0.0.4, {@code unknown} in OpenMetrics. */
    UNKNOWN("untyped"),
    INFO("info"),
    STATESET("stateset"),
    GAUGE_HISTOGRAM("gaugehistogram");

    private final String text;

    MetricType(String text) {
        this.text = text;
    }

    /** The word of the 0.0.4 TYPE line; info, stateset and gaugehistogram exist in OpenMetrics only. */
    public String text() {
        return text;
    }
}
