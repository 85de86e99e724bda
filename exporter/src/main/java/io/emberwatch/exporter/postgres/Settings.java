package io.emberwatch.exporter.postgres;

import io.emberwatch.exporter.status.Families;
import io.emberwatch.model.MetricNames;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's settings that are numbers or switches, as {@code pg_settings_*} in base units. */
final class Settings {
    private static final String SQL = "SELECT name, setting, coalesce(unit, '') FROM pg_settings"
            + " WHERE vartype IN ('bool', 'integer', 'real')";
    private static final Pattern UNIT = Pattern.compile("(\\d{0,9})([A-Za-z]+)");
    private static final Map<String, Double> SECONDS =
            Map.of("us", 1e-6, "ms", 1e-3, "s", 1.0, "min", 60.0, "h", 3600.0, "d", 86400.0);
    private static final Map<String, Double> BYTES = Map.of(
            "B", 1.0, "kB", 1024.0, "MB", 1024.0 * 1024, "GB", 1024.0 * 1024 * 1024, "TB", 1024.0 * 1024 * 1024 * 1024);

    private Settings() {}

    static void read(Connection connection, Families families) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            while (rows.next()) {
                setting(
                        families,
                        String.valueOf(rows.getString(1)),
                        String.valueOf(rows.getString(2)),
                        String.valueOf(rows.getString(3)));
            }
        }
    }

    static void setting(Families families, String name, String setting, String unit) {
        double value;
        switch (setting) {
            case "on" -> value = 1;
            case "off" -> value = 0;
            default -> {
                try {
                    value = Double.parseDouble(setting);
                } catch (NumberFormatException notANumber) {
                    return;
                }
            }
        }
        String metric = "pg_settings_" + MetricNames.sanitize(name.replace('.', '_'));
        String help = "Server Parameter: " + name;
        Matcher matcher = UNIT.matcher(unit);
        if (matcher.matches()) {
            double factor = matcher.group(1).isEmpty() ? 1 : Double.parseDouble(matcher.group(1));
            Double seconds = SECONDS.get(matcher.group(2));
            Double bytes = BYTES.get(matcher.group(2));
            // -1 and 0 are words for "never" and "as another setting says", not amounts.
            boolean amount = value > 0;
            if (seconds != null) {
                families.gauge(
                        metric + "_seconds",
                        help + " [Units converted to seconds.]",
                        amount ? value * factor * seconds : value);
                return;
            } else if (bytes != null) {
                families.gauge(
                        metric + "_bytes",
                        help + " [Units converted to bytes.]",
                        amount ? value * factor * bytes : value);
                return;
            }
        }
        families.gauge(metric, help, value);
    }
}
