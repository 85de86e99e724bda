package io.emberwatch.model.line;

import java.util.Locale;

/** Why a line is refused; a closed set, so that faults can be counted by reason. */
public enum LineFault {
    COMMENT_CHARACTER("a comment holds a control character"),
    MEASUREMENT("expected a measurement name"),
    TAG_KEY("expected a tag key"),
    TAG_EQUALS("expected '=' after the tag key"),
    TAG_VALUE("expected a tag value"),
    TAG_END("expected a comma or a space after the tag"),
    DUPLICATE_TAG("a tag key occurs twice"),
    TOO_MANY_TAGS("more than " + LineScanner.MAX_TAGS + " tags"),
    FIELDS_MISSING("expected a space and at least one field"),
    FIELD_KEY("expected a field key"),
    FIELD_EQUALS("expected '=' after the field key"),
    FIELD_VALUE("expected a number, a boolean or a string in double quotes"),
    FLOAT("not a decimal number"),
    INTEGER("not an integer"),
    UNSIGNED("not an unsigned integer"),
    BOOLEAN("not one of t, T, true, True, TRUE, f, F, false, False, FALSE"),
    OUT_OF_RANGE("the number does not fit into 64 bits"),
    UNTERMINATED_STRING("the string has no closing quote"),
    FIELD_END("expected a comma, a space or the end of the line after the field"),
    TIMESTAMP("not a timestamp: expected an integer and the end of the line"),
    TIMESTAMP_RANGE("the timestamp does not fit into 64 bits"),
    UTF8("not valid UTF-8"),
    LINE_TOO_LONG("the line is longer than allowed"),
    UNSIGNED_VALUE("InfluxDB 1.x knows no unsigned integers"),
    CARRIAGE_RETURN("InfluxDB 1.x takes no carriage return at the end of a line"),
    RESERVED_TAG("InfluxDB 1.x takes no tag named time"),
    RESERVED_FIELD("InfluxDB 1.x takes no field named time"),
    KEY_TOO_LONG("InfluxDB 1.x takes no series key beyond 65535 bytes");

    private final String text;
    private final String label;

    LineFault(String text) {
        this.text = text;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** What was expected, for people. */
    public String text() {
        return text;
    }

    /** The reason as a label value: lower case with underscores. */
    public String label() {
        return label;
    }
}
