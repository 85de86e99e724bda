package io.emberwatch.exporter.tail.rule;

/** How a record holds its fields. */
public enum RecordFormat {
    /** It holds none but those of the expressions that match it. */
    TEXT,
    /** An object; fields within objects are named {@code outer.inner}, lists are passed over. */
    JSON,
    /** {@code key=value key="some value"}. */
    LOGFMT
}
