package io.emberwatch.push.sample;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.Sample;
import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.LineScanner;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines as samples: {@code cpu,host=a user=1.5,system=2} is {@code cpu_user{host="a"} 1.5} and {@code cpu_system}; the field
 * {@code value} is named by its measurement alone. Characters that Prometheus does not know in names become {@code _},
 * booleans 1 and 0; strings are left out. Not safe for several threads.
 */
public final class LineSamples {
    private static final String VALUE = "value";
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Series that are remembered; all are forgotten beyond that. */
    private static final int REMEMBERED = 100_000;

    private final LineScanner scanner = new LineScanner();
    private final Map<Key, Labels> known = new HashMap<>();

    private static final class Key {
        private final byte[] text;
        private final int hash;

        Key(byte[] text) {
            this.text = text;
            hash = Arrays.hashCode(text);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(text, key.text);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /**
     * Appends the samples of a record's lines; faulty lines have none.
     *
     * @param otherwiseMillis the time of lines without one
     */
    public void read(byte[] lines, long otherwiseMillis, List<Sample> samples) {
        scanner.reset(lines);
        while (scanner.next()) {
            if (scanner.fault() != null) {
                continue;
            }
            long millis =
                    scanner.hasTimestamp() ? Math.floorDiv(scanner.timestamp(), NANOS_PER_MILLI) : otherwiseMillis;
            for (int field = 0; field < scanner.fieldCount(); field++) {
                double value = LineDecoder.number(
                        scanner.input(), scanner.fieldValueStart(field), scanner.fieldValueEnd(field));
                if (!Double.isNaN(value)) {
                    samples.add(new Sample(series(field), millis, value));
                }
            }
        }
    }

    private Labels series(int field) {
        byte[] in = scanner.input();
        int series = scanner.seriesEnd() - scanner.lineStart();
        int name = scanner.fieldKeyEnd(field) - scanner.fieldKeyStart(field);
        byte[] text = new byte[series + 1 + name];
        System.arraycopy(in, scanner.lineStart(), text, 0, series);
        text[series] = ' ';
        System.arraycopy(in, scanner.fieldKeyStart(field), text, series + 1, name);
        Key key = new Key(text);
        Labels labels = known.get(key);
        if (labels == null) {
            if (known.size() >= REMEMBERED) {
                known.clear();
            }
            labels = labels(field);
            known.put(key, labels);
        }
        return labels;
    }

    private Labels labels(int field) {
        byte[] in = scanner.input();
        String measurement = LineDecoder.measurement(in, scanner.measurementStart(), scanner.measurementEnd());
        String name = LineDecoder.key(in, scanner.fieldKeyStart(field), scanner.fieldKeyEnd(field));
        Labels.Builder labels = Labels.builder();
        for (int tag = 0; tag < scanner.tagCount(); tag++) {
            String label = MetricNames.sanitize(LineDecoder.key(in, scanner.tagKeyStart(tag), scanner.tagKeyEnd(tag)))
                    .replace(':', '_');
            String value = LineDecoder.key(in, scanner.tagValueStart(tag), scanner.tagValueEnd(tag));
            labels.set(label.startsWith("__") ? "tag" + label : label, value);
        }
        labels.set(
                Labels.METRIC_NAME, MetricNames.sanitize(name.equals(VALUE) ? measurement : measurement + "_" + name));
        return labels.build();
    }
}
