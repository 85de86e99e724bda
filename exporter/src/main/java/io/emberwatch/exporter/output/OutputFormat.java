package io.emberwatch.exporter.output;

/** How an output says its values. */
public enum OutputFormat {
    /** Prometheus' text format 0.0.4. */
    PROMETHEUS,
    /** {@code key=value}, {@code key: value} or {@code key value}; with equals signs several to a line. */
    KEY_VALUE,
    /** One JSON document; the numbers and truth values in it. */
    JSON,
    /** A line of names, then lines of values. */
    CSV,
    /** InfluxDB line protocol. */
    INFLUX,
    /** A Nagios plugin: its exit code and its performance data. */
    NAGIOS
}
