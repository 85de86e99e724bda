package io.emberwatch.exporter.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.line.FieldValue;
import io.emberwatch.model.line.LinePoint;
import io.emberwatch.model.text.FloatText;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/**
 * Samples as InfluxDB line protocol: {@code name,label=value value=1.5 <nanoseconds>}.
 *
 * <p>Values that are not finite, and times beyond the year 2262, cannot be written and are left out. Line ends in labels become blanks, and a backslash at
 * the end of one is followed by one, so that it does not escape what comes after it.
 */
final class LineText {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 14);
    private final Labels tags;
    private int count;

    /** @param tags of every line that does not have them itself */
    LineText(Map<String, String> tags) {
        this.tags = Labels.of(tags);
    }

    /** @param nowMillis for samples without a time */
    void add(MetricPoint point, long nowMillis) {
        long millis = point.hasTimestamp() ? point.timestampMillis() : nowMillis;
        if (!Double.isFinite(point.value()) || Math.abs(millis) > Long.MAX_VALUE / NANOS_PER_MILLI) {
            return;
        }
        StringBuilder line = head(point.key().name(), point.key().labels());
        line.append(" value=").append(FloatText.formatG(point.value()));
        finish(line, millis);
    }

    /** @param nowMillis for points without a time */
    void add(LinePoint point, long nowMillis) {
        Labels.Builder labels = Labels.builder();
        point.tags().forEach(tag -> labels.set(tag.key(), tag.value()));
        StringBuilder line = head(point.measurement(), labels.build());
        char before = ' ';
        for (LinePoint.Field field : point.fields()) {
            line.append(before);
            escape(field.key(), line);
            line.append('=').append(text(field.value()));
            before = ',';
        }
        Long nanos = point.timestampNanos();
        finish(line, nanos == null ? nowMillis : nanos / NANOS_PER_MILLI);
    }

    // Unsigned numbers are signed ones here, as Telegraf writes them by default: InfluxDB 1 knows no others.
    private static String text(FieldValue value) {
        if (value instanceof FieldValue.FloatValue number) {
            return FloatText.formatG(number.value());
        } else if (value instanceof FieldValue.IntegerValue number) {
            return number.value() + "i";
        } else if (value instanceof FieldValue.UnsignedValue number) {
            return (number.bits() < 0 ? Long.MAX_VALUE : number.bits()) + "i";
        } else if (value instanceof FieldValue.BooleanValue flag) {
            return Boolean.toString(flag.value());
        }
        String text = ((FieldValue.StringValue) value).value();
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private StringBuilder head(String name, Labels own) {
        Labels labels = own;
        if (!tags.isEmpty()) {
            Labels.Builder merged = tags.toBuilder();
            for (int i = 0; i < own.size(); i++) {
                merged.set(own.name(i), own.value(i));
            }
            labels = merged.build();
        }
        StringBuilder line = new StringBuilder(128);
        escape(name, line);
        for (int i = 0; i < labels.size(); i++) {
            line.append(',');
            escape(labels.name(i), line);
            line.append('=');
            escape(labels.value(i), line);
        }
        return line;
    }

    private void finish(StringBuilder line, long millis) {
        line.append(' ').append(millis * NANOS_PER_MILLI).append('\n');
        out.writeBytes(line.toString().getBytes(UTF_8));
        count++;
    }

    private static void escape(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case ',', '=', ' ' -> line.append('\\').append(c);
                case '\n', '\r' -> line.append("\\ ");
                default -> line.append(c);
            }
        }
        if (text.endsWith("\\")) {
            line.append('\\');
        }
    }

    int count() {
        return count;
    }

    int size() {
        return out.size();
    }

    byte[] take() {
        byte[] lines = out.toByteArray();
        out.reset();
        count = 0;
        return lines;
    }
}
