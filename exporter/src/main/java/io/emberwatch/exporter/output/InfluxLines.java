package io.emberwatch.exporter.output;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.line.FieldValue;
import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.LineException;
import io.emberwatch.model.line.LineFault;
import io.emberwatch.model.line.LinePoint;
import io.emberwatch.model.line.LineScanner;
import io.emberwatch.model.line.Precision;

/**
 * Reads InfluxDB line protocol: {@code measurement,tag=a field=1,other=2i 1700000000000000000}. A field {@code value} has the
 * measurement's name, others {@code <measurement>_<field>}; texts are passed over.
 */
final class InfluxLines {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private InfluxLines() {}

    static void read(byte[] output, Readings readings) {
        LineScanner scanner = new LineScanner();
        scanner.reset(output);
        int line = 1;
        int counted = 0;
        while (scanner.next()) {
            for (; counted < scanner.lineStart(); counted++) {
                line += output[counted] == '\n' ? 1 : 0;
            }
            LineFault fault = scanner.fault();
            if (fault != null) {
                readings.fault("line " + line + ": " + fault.text());
                continue;
            }
            try {
                add(LineDecoder.point(scanner, Precision.NANOSECONDS), readings);
            } catch (LineException e) {
                readings.fault("line " + line + ": " + e.getMessage());
            }
        }
    }

    private static void add(LinePoint point, Readings readings) {
        Labels.Builder labels = Labels.builder();
        point.tags().forEach(tag -> labels.set(MetricNames.sanitize(tag.key()).replace(':', '_'), tag.value()));
        Labels tags = labels.build();
        Long nanos = point.timestampNanos();
        long millis = nanos == null ? MetricPoint.NO_TIMESTAMP : Math.floorDiv(nanos, NANOS_PER_MILLI);
        for (LinePoint.Field field : point.fields()) {
            double value = number(field.value());
            if (!Double.isNaN(value)) {
                String name = point.measurement() + (field.key().equals("value") ? "" : "_" + field.key());
                readings.add(name, tags, value, millis);
            }
        }
    }

    // NaN for a text.
    private static double number(FieldValue value) {
        if (value instanceof FieldValue.FloatValue number) {
            return number.value();
        } else if (value instanceof FieldValue.IntegerValue number) {
            return number.value();
        } else if (value instanceof FieldValue.UnsignedValue number) {
            return number.bits() >= 0 ? number.bits() : number.bits() + 0x1p64;
        }
        return value instanceof FieldValue.BooleanValue flag ? (flag.value() ? 1 : 0) : Double.NaN;
    }
}
