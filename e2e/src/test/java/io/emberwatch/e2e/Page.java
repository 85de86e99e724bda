package io.emberwatch.e2e;

import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/** A metrics page: values by what stands before them, labels in the order of their names. */
record Page(Map<String, Double> values) {
    static Page of(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer + "\n" + answer.body());
        }
        Map<String, Double> values = new HashMap<>();
        answer.body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            values.put(line.substring(0, blank), number(line.substring(blank + 1)));
        });
        return new Page(values);
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace("Inf", "Infinity"));
    }

    /** The value, or NaN when it is not there. */
    double value(String series) {
        return values.getOrDefault(series, Double.NaN);
    }

    /** The sensor's errors of a kind. */
    double errors(String sensor, String error) {
        return value("emberwatch_exporter_sensor_errors_total{error=\"" + error + "\",sensor=\"" + sensor + "\"}");
    }
}
