package io.emberwatch.exporter.output;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import java.util.List;

/**
 * Reads InfluxDB line protocol: {@code measurement,tag=a field=1,other=2i 1700000000000000000}. A field {@code value} has the
 * measurement's name, others {@code <measurement>_<field>}; texts are passed over.
 */
final class InfluxLines {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String line;
    private int at;

    private InfluxLines(String line) {
        this.line = line;
    }

    static void read(byte[] output, Readings readings) {
        List<String> lines = OutputReader.lines(output);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).trim();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    new InfluxLines(line).point(readings);
                } catch (IllegalArgumentException e) {
                    readings.fault("line " + (i + 1) + ": " + e.getMessage());
                }
            }
        }
    }

    private void point(Readings readings) {
        String measurement = word(", ");
        if (measurement.isEmpty()) {
            throw new IllegalArgumentException("no measurement");
        }
        Labels.Builder labels = Labels.builder();
        while (peek() == ',') {
            at++;
            String key = word("=, ");
            expect('=');
            labels.set(MetricNames.sanitize(key).replace(':', '_'), word(", "));
        }
        expect(' ');
        Labels tags = labels.build();
        int begin = at;
        String[] names = new String[64];
        double[] values = new double[64];
        int count = 0;
        do {
            at += at == begin ? 0 : 1;
            String key = word("=, ");
            expect('=');
            double value = value();
            if (!Double.isNaN(value) && count < names.length) {
                names[count] = key;
                values[count++] = value;
            }
        } while (peek() == ',');
        long timestamp = timestamp();
        for (int i = 0; i < count; i++) {
            String name = names[i].equals("value") ? measurement : measurement + "_" + names[i];
            readings.add(name, tags, values[i], timestamp);
        }
    }

    private long timestamp() {
        String rest = line.substring(at).trim();
        if (rest.isEmpty()) {
            return MetricPoint.NO_TIMESTAMP;
        }
        try {
            return Math.floorDiv(Long.parseLong(rest), NANOS_PER_MILLI);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a time: " + rest, e);
        }
    }

    // NaN for a text.
    private double value() {
        if (peek() == '"') {
            at++;
            while (at < line.length() && line.charAt(at) != '"') {
                at += line.charAt(at) == '\\' ? 2 : 1;
            }
            if (at >= line.length()) {
                throw new IllegalArgumentException("a text without its end");
            }
            at++;
            return Double.NaN;
        }
        String text = word(", ");
        return switch (text) {
            case "t", "T", "true", "True", "TRUE" -> 1;
            case "f", "F", "false", "False", "FALSE" -> 0;
            default -> number(text);
        };
    }

    private static double number(String text) {
        boolean whole = text.endsWith("i") || text.endsWith("u");
        double value = Readings.number(whole ? text.substring(0, text.length() - 1) : text);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("not a value: " + text);
        }
        return value;
    }

    private String word(String ends) {
        StringBuilder word = new StringBuilder();
        while (at < line.length() && ends.indexOf(line.charAt(at)) < 0) {
            char c = line.charAt(at++);
            if (c == '\\' && at < line.length() && " ,=".indexOf(line.charAt(at)) >= 0) {
                c = line.charAt(at++);
            }
            word.append(c);
        }
        return word.toString();
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new IllegalArgumentException("expected '" + c + "' at column " + (at + 1));
        }
        at++;
    }

    private char peek() {
        return at < line.length() ? line.charAt(at) : '\0';
    }
}
