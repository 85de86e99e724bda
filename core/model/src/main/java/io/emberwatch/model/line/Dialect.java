package io.emberwatch.model.line;

/** Which lines the scanner lets pass. */
public enum Dialect {
    /** The grammar of line protocol v2 (InfluxDB 2 and later, Telegraf). */
    V2,

    /**
     * Only what is both in the grammar of v2 and taken by InfluxDB 1.x: no unsigned values, no carriage return at a
     * line's end, no tag {@code time}, no point whose only field is {@code time}, no series key beyond 65 535 bytes.
     */
    INFLUXDB_1
}
