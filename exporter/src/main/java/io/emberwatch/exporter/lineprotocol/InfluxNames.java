package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.model.Labels;
import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.LineScanner;

/**
 * Names as influxdb_exporter makes them: measurement and field joined with an underscore, the field {@code value} left out;
 * what is not an ASCII letter, digit or underscore becomes an underscore, one for each character.
 */
final class InfluxNames {
    private InfluxNames() {}

    static String metric(String measurement, String field) {
        return clean(field.equals("value") ? measurement : measurement + "_" + field);
    }

    /** The tags as labels. Of two that come to the same name the later wins; a tag {@code __name__} is left out. */
    static Labels labels(LineScanner line) {
        Labels.Builder labels = Labels.builder();
        byte[] in = line.input();
        for (int tag = 0; tag < line.tagCount(); tag++) {
            String key = LineDecoder.key(in, line.tagKeyStart(tag), line.tagKeyEnd(tag));
            if (!key.equals(Labels.METRIC_NAME)) {
                String name = clean(key);
                String value = LineDecoder.key(in, line.tagValueStart(tag), line.tagValueEnd(tag));
                labels.set(name.equals(Labels.METRIC_NAME) ? name + "_" : name, value);
            }
        }
        return labels.build();
    }

    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length() + 1);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (i == 0 && digit) {
                clean.append('_');
            }
            boolean allowed = digit || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            clean.append(allowed ? (char) c : '_');
            i += Character.charCount(c);
        }
        return clean.isEmpty() ? "_" : clean.toString();
    }
}
