package io.emberwatch.exporter.output;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a Nagios plugin: {@code nagios_state} from its exit code (0 ok, 1 warning, 2 critical, 3 unknown), and of its
 * performance data {@code nagios_value} and the limits {@code nagios_warning}, {@code nagios_critical}, {@code nagios_min} and
 * {@code nagios_max}, each with the labels {@code label} and {@code unit}; times are in seconds, sizes in bytes, per cent
 * ratios, and the unit {@code c} makes {@code nagios_value_total}.
 *
 * @see <a href="https://nagios-plugins.org/doc/guidelines.html#AEN200">Performance data</a>
 */
final class NagiosOutput {
    private static final Pattern DATUM =
            Pattern.compile("('(?:[^']|'')*'|[^\\s='|]+)=([-+0-9.,eE]+|U)([a-zA-Z%]*)((?:;[^;\\s]*){0,4})(?=\\s|$)");
    private static final List<String> LIMITS = List.of("warning", "critical", "min", "max");
    private static final int LAST_STATE = 3;

    private NagiosOutput() {}

    static void read(byte[] output, int exitCode, Readings readings) {
        boolean known = exitCode >= 0 && exitCode <= LAST_STATE;
        readings.add(
                "nagios_state",
                MetricType.GAUGE,
                Labels.EMPTY,
                known ? exitCode : LAST_STATE,
                MetricPoint.NO_TIMESTAMP);
        boolean longData = false;
        List<String> lines = OutputReader.lines(output);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int bar = line.indexOf('|');
            if (longData || bar >= 0) {
                data(line.substring(bar + 1), i + 1, readings);
            }
            longData |= i > 0 && bar >= 0;
        }
    }

    private static void data(String text, int line, Readings readings) {
        Matcher matcher = DATUM.matcher(text);
        int end = 0;
        while (matcher.find(end)) {
            if (!text.substring(end, matcher.start()).isBlank()) {
                break;
            }
            datum(matcher, readings);
            end = matcher.end();
        }
        if (!text.substring(end).isBlank()) {
            readings.fault("line " + line + ": no performance data: "
                    + text.substring(end).trim());
        }
    }

    private static void datum(Matcher matcher, Readings readings) {
        String label = matcher.group(1);
        if (label.startsWith("'")) {
            label = label.substring(1, label.length() - 1).replace("''", "'");
        }
        String given = matcher.group(3);
        double factor = factor(given);
        Labels labels = Labels.of("label", label, "unit", unit(given));
        double value = Readings.number(matcher.group(2).replace(',', '.'));
        if (!Double.isNaN(value)) {
            boolean counter = given.equals("c");
            readings.add(
                    counter ? "nagios_value_total" : "nagios_value",
                    counter ? MetricType.COUNTER : MetricType.GAUGE,
                    labels,
                    value * factor,
                    MetricPoint.NO_TIMESTAMP);
        }
        String[] limits = matcher.group(4).split(";", -1);
        for (int i = 1; i < limits.length; i++) {
            double limit = Readings.number(limits[i]); // ranges such as 10:20 are not shown
            if (!Double.isNaN(limit)) {
                readings.add(
                        "nagios_" + LIMITS.get(i - 1),
                        MetricType.GAUGE,
                        labels,
                        limit * factor,
                        MetricPoint.NO_TIMESTAMP);
            }
        }
    }

    private static String unit(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "s", "ms", "us", "ns" -> "seconds";
            case "b", "kb", "mb", "gb", "tb" -> "bytes";
            case "%" -> "ratio";
            case "c" -> "";
            default -> unit;
        };
    }

    private static double factor(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "ms" -> 1e-3;
            case "us" -> 1e-6;
            case "ns" -> 1e-9;
            case "kb" -> 1 << 10;
            case "mb" -> 1 << 20;
            case "gb" -> 1 << 30;
            case "tb" -> 1L << 40;
            case "%" -> 0.01;
            default -> 1;
        };
    }
}
