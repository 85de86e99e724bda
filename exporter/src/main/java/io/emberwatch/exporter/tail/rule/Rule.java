package io.emberwatch.exporter.tail.rule;

import io.emberwatch.exporter.tail.pattern.LinePattern;
import io.emberwatch.model.Labels;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rule at work. */
final class Rule {
    private static final byte BETWEEN = (byte) 0xff; // in no UTF-8 text
    private static final int MOST_VALUE_BYTES = 1024;

    private final RuleConfig config;
    private final Metric metric;
    private final int valueSlot;
    private final int[] labelSlots;
    private final String[] labelNames;
    private final int[] whereSlots;
    private final LinePattern[] wherePatterns;
    private final int[][] wherePlaces;
    private final SeriesTable table;
    private final Labels constants;
    private byte[] key = new byte[256];
    private int keyLength;

    Rule(RuleConfig config, Metric metric, Fields fields, Map<String, String> tailLabels, int maxSeries) {
        this.config = config;
        this.metric = metric;
        valueSlot = config.value() == null ? -1 : fields.slot(config.value());
        labelNames = config.labels().keySet().toArray(new String[0]);
        labelSlots = config.labels().values().stream().mapToInt(fields::slot).toArray();
        whereSlots = config.where().keySet().stream().mapToInt(fields::slot).toArray();
        wherePatterns =
                config.where().values().stream().map(LinePattern::compile).toArray(LinePattern[]::new);
        wherePlaces = Arrays.stream(wherePatterns)
                .map(pattern -> new int[pattern.slots()])
                .toArray(int[][]::new);
        table = new SeriesTable(2 * maxSeries);
        Map<String, String> all = new LinkedHashMap<>(tailLabels);
        all.putAll(config.constantLabels());
        constants = Labels.of(all);
    }

    Metric metric() {
        return metric;
    }

    SeriesTable table() {
        return table;
    }

    boolean admits(Fields fields) {
        for (int i = 0; i < whereSlots.length; i++) {
            int slot = whereSlots[i];
            if (!fields.has(slot)
                    || !wherePatterns[i].matches(
                            fields.bytes(slot), fields.from(slot), fields.to(slot), wherePlaces[i])) {
                return false;
            }
        }
        return true;
    }

    /** The number that a record brings, or NaN when its field holds none. */
    double value(Fields fields) {
        return valueSlot < 0 ? config.scale() : fields.number(valueSlot) * config.scale();
    }

    void apply(Series series, double value) {
        if (config.type() == RuleConfig.Type.HISTOGRAM) {
            series.observe(value);
        } else if (config.type() == RuleConfig.Type.COUNTER) {
            series.add(value);
        } else {
            switch (config.action()) {
                case SET -> series.set(value);
                case ADD -> series.add(value);
                case SUBTRACT -> series.add(-value);
            }
        }
    }

    /** Makes the key of the series that the record's fields mean; it stays in {@link #key()}. */
    void makeKey(Fields fields) {
        keyLength = 0;
        for (int slot : labelSlots) {
            if (fields.has(slot)) {
                int length = Math.min(MOST_VALUE_BYTES, fields.to(slot) - fields.from(slot));
                if (keyLength + length + 1 > key.length) {
                    key = Arrays.copyOf(key, 2 * (keyLength + length + 1));
                }
                System.arraycopy(fields.bytes(slot), fields.from(slot), key, keyLength, length);
                keyLength += length;
            } else if (keyLength == key.length) {
                key = Arrays.copyOf(key, 2 * keyLength);
            }
            key[keyLength++] = BETWEEN;
        }
    }

    byte[] key() {
        return key;
    }

    int keyLength() {
        return keyLength;
    }

    /** The labels of its one series, or null when they come from fields. */
    @Nullable
    Labels knownLabels() {
        return labelSlots.length == 0 ? constants : null;
    }

    /** The labels of the series that the record's fields mean; values are cut to {@value #MOST_VALUE_BYTES} bytes. */
    Labels labels(Fields fields) {
        Labels.Builder labels = constants.toBuilder();
        for (int i = 0; i < labelSlots.length; i++) {
            int slot = labelSlots[i];
            String value = fields.text(slot);
            if (fields.has(slot) && fields.to(slot) - fields.from(slot) > MOST_VALUE_BYTES) {
                value = cut(value);
            }
            labels.set(labelNames[i], value);
        }
        return labels.build();
    }

    private static String cut(String value) {
        int end = 0;
        int bytes = 0;
        while (end < value.length()) {
            int point = value.codePointAt(end);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > MOST_VALUE_BYTES) {
                break;
            }
            end += Character.charCount(point);
        }
        return value.substring(0, end);
    }
}
