package io.emberwatch.model.line;

import java.util.Objects;

/** The value of a field: one of the five kinds that line protocol knows. */
public sealed interface FieldValue {
    /** @param value finite: line protocol cannot say NaN or infinity */
    record FloatValue(double value) implements FieldValue {
        public FloatValue {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(value + ": line protocol has finite numbers only");
            }
        }
    }

    record IntegerValue(long value) implements FieldValue {}

    /** @param bits 64 bits without sign, as in {@link Long#toUnsignedString(long)} */
    record UnsignedValue(long bits) implements FieldValue {}

    record BooleanValue(boolean value) implements FieldValue {}

    record StringValue(String value) implements FieldValue {
        public StringValue {
            Objects.requireNonNull(value, "value");
        }
    }
}
