package io.emberwatch.exporter.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads outputs. What cannot be read is told with its line, and the rest is taken. */
public final class OutputReader {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int MOST_FAULTY_LINES = 100;
    private static final long NO_TIME = MetricPoint.NO_TIMESTAMP;

    private OutputReader() {}

    /**
     * Reads an output.
     *
     * @param exitCode of the program that printed it, for Nagios plugins
     * @param labelColumns columns of CSV that are labels instead of values
     */
    public static void read(
            byte[] output, OutputFormat format, int exitCode, Set<String> labelColumns, Readings readings) {
        switch (format) {
            case PROMETHEUS -> exposition(output, readings);
            case KEY_VALUE -> keyValue(output, readings);
            case JSON -> json(output, readings);
            case CSV -> csv(output, labelColumns, readings);
            case INFLUX -> InfluxLines.read(output, readings);
            case NAGIOS -> NagiosOutput.read(output, exitCode, readings);
        }
    }

    // A faulty line is left out and the rest is read again.
    private static void exposition(byte[] output, Readings readings) {
        byte[] page = output.length > 0 && output[output.length - 1] != '\n' ? withNewline(output) : output;
        for (int faulty = 0; ; faulty++) {
            try {
                for (MetricFamily family : ExpositionParser.parseFamilies(page, TextFormat.PROMETHEUS_0_0_4)) {
                    readings.add(family);
                }
                return;
            } catch (ParseException e) {
                readings.fault(String.valueOf(e.getMessage()));
                if (faulty == MOST_FAULTY_LINES) {
                    readings.fault("too many faulty lines; nothing of the output is taken");
                    return;
                }
                blank(page, e.line());
            }
        }
    }

    private static byte[] withNewline(byte[] output) {
        byte[] longer = Arrays.copyOf(output, output.length + 1);
        longer[output.length] = '\n';
        return longer;
    }

    // Made a comment, so that the lines after it keep their numbers.
    private static void blank(byte[] page, int line) {
        int at = 0;
        for (int i = 1; i < line; i++) {
            while (at < page.length && page[at] != '\n') {
                at++;
            }
            at++;
        }
        for (int i = at; i < page.length && page[i] != '\n'; i++) {
            page[i] = (byte) (i == at ? '#' : ' ');
        }
    }

    private static void keyValue(byte[] output, Readings readings) {
        int number = 0;
        for (String line : lines(output)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            for (String pair : pairs(line.trim())) {
                int cut = separator(pair);
                double value = cut < 0 ? Double.NaN : Readings.number(pair.substring(cut + 1));
                String name = cut < 0 ? "" : pair.substring(0, cut).trim();
                if (Double.isNaN(value) || name.isEmpty()) {
                    readings.fault("line " + number + ": no name and number: " + pair);
                } else {
                    readings.add(name, Labels.EMPTY, value, NO_TIME);
                }
            }
        }
    }

    private static List<String> pairs(String line) {
        boolean several = line.indexOf('=') > 0 && line.indexOf('=') != line.lastIndexOf('=');
        return several ? List.of(line.split("[\\s,;]+", -1)) : List.of(line);
    }

    private static int separator(String pair) {
        int equals = pair.indexOf('=');
        int colon = pair.indexOf(':');
        if (equals >= 0) {
            return equals;
        }
        return colon >= 0 ? colon : Math.max(pair.lastIndexOf(' '), pair.lastIndexOf('\t'));
    }

    private static void json(byte[] output, Readings readings) {
        try {
            flatten(JSON.readTree(output), "", Labels.EMPTY, 0, readings);
        } catch (JsonProcessingException e) {
            readings.fault("line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            readings.fault(String.valueOf(e.getMessage()));
        }
    }

    // Names of inner values are joined by underscores; the places in a list are the label index, of lists within index2
    // …
    private static void flatten(JsonNode node, String name, Labels labels, int lists, Readings readings) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                String inner = name.isEmpty() ? field.getKey() : name + "_" + field.getKey();
                flatten(field.getValue(), inner, labels, lists, readings);
            }
        } else if (node.isArray()) {
            String label = lists == 0 ? "index" : "index" + (lists + 1);
            for (int i = 0; i < node.size(); i++) {
                flatten(node.get(i), name, labels.with(label, Integer.toString(i)), lists + 1, readings);
            }
        } else if (node.isNumber() || node.isBoolean()) {
            double value = node.isBoolean() ? (node.booleanValue() ? 1 : 0) : node.doubleValue();
            readings.add(name.isEmpty() ? "value" : name, labels, value, NO_TIME);
        }
    }

    private static void csv(byte[] output, Set<String> labelColumns, Readings readings) {
        List<String> names = List.of();
        int number = 0;
        for (String line : lines(output)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            List<String> cells = cells(line);
            if (names.isEmpty()) {
                names = cells;
            } else if (cells.size() != names.size()) {
                readings.fault("line " + number + ": " + cells.size() + " values instead of " + names.size());
            } else {
                row(names, cells, labelColumns, number, readings);
            }
        }
    }

    private static void row(
            List<String> names, List<String> cells, Set<String> labelColumns, int number, Readings readings) {
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < names.size(); i++) {
            if (labelColumns.contains(names.get(i))) {
                labels.set(MetricNames.sanitize(names.get(i)).replace(':', '_'), cells.get(i));
            }
        }
        Labels built = labels.build();
        for (int i = 0; i < names.size(); i++) {
            if (labelColumns.contains(names.get(i)) || cells.get(i).isBlank()) {
                continue;
            }
            double value = Readings.number(cells.get(i));
            if (Double.isNaN(value)) {
                readings.fault("line " + number + ": " + names.get(i) + " is not a number: " + cells.get(i));
            } else {
                readings.add(names.get(i), built, value, NO_TIME);
            }
        }
    }

    /** The cells of a line of CSV as RFC 4180 has them, without line ends within quotes. */
    static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted) {
                if (c != '"') {
                    cell.append(c);
                } else if (i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                cells.add(cell.toString().trim());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString().trim());
        return cells;
    }

    static List<String> lines(byte[] output) {
        return new String(output, UTF_8).lines().toList();
    }
}
