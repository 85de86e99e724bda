package io.emberwatch.model.text;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;

/** Writes down what a parser reports, one line each. */
final class PageLog implements ExpositionParser.Handler {
    private final StringBuilder lines = new StringBuilder();

    @Override
    public void type(String family, MetricType type) {
        lines.append("type ").append(family).append(' ').append(type).append('\n');
    }

    @Override
    public void help(String family, String help) {
        lines.append("help ").append(family).append(" [").append(help).append("]\n");
    }

    @Override
    public void unit(String family, String unit) {
        lines.append("unit ").append(family).append(" [").append(unit).append("]\n");
    }

    @Override
    public void sample(Labels stored, double value, long timestampMillis) {
        lines.append(stored).append(" = ").append(value);
        if (timestampMillis != MetricPoint.NO_TIMESTAMP) {
            lines.append(" @ ").append(timestampMillis);
        }
        lines.append('\n');
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
