package io.emberwatch.model.line;

/** What a field's value is, as its spelling says. */
public enum FieldKind {
    /** A decimal number without suffix. */
    FLOAT,
    /** A signed 64-bit integer with suffix {@code i}. */
    INTEGER,
    /** An unsigned 64-bit integer with suffix {@code u}. */
    UNSIGNED,
    BOOLEAN,
    /** Text in double quotes. */
    STRING
}
