package io.emberwatch.model.flow;

import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import java.util.List;
import java.util.Objects;

/** The value of a PromQL expression. */
public sealed interface QueryValue {
    /** The type name of the Prometheus HTTP API: {@code vector}, {@code matrix}, {@code scalar} or {@code string}. */
    String type();

    /** One sample per series, all at one time. */
    record Vector(List<Sample> samples) implements QueryValue {
        public Vector {
            samples = List.copyOf(samples);
        }

        @Override
        public String type() {
            return "vector";
        }
    }

    /** Points over time per series. */
    record Matrix(List<Series> series) implements QueryValue {
        public Matrix {
            series = List.copyOf(series);
        }

        @Override
        public String type() {
            return "matrix";
        }
    }

    /** A number without labels. */
    record Scalar(long timestampMillis, double value) implements QueryValue {
        @Override
        public String type() {
            return "scalar";
        }
    }

    /** A string literal. */
    record Text(long timestampMillis, String value) implements QueryValue {
        public Text {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public String type() {
            return "string";
        }
    }
}
