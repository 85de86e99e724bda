package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How well the clock is disciplined. Java cannot call adjtimex(2), so the program of that name is asked ({@code adjtimex
 * --print}, Debian's package adjtimex); nothing where it is not installed. The fields of a pulse per second and the offset
 * of TAI are not told by it.
 */
final class TimexCollector implements SampleSource {
    private static final List<Path> PROGRAMS = List.of(Path.of("/sbin/adjtimex"), Path.of("/usr/sbin/adjtimex"));
    private static final double MICROS = 1e-6;
    private static final double NANOS = 1e-9;
    private static final int STATUS_NANO = 0x2000;
    private static final int TIME_ERROR = 5;
    private static final int MAX_BYTES = 8192;
    private static final double FREQUENCY_UNITS = 65536 * 1e6;

    private final List<Path> programs;

    TimexCollector() {
        this(PROGRAMS);
    }

    /** @param programs where the program may be */
    TimexCollector(List<Path> programs) {
        this.programs = programs;
    }

    @Override
    public String name() {
        return "timex";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        Path program = programs.stream().filter(Files::isExecutable).findFirst().orElse(null);
        if (program == null) {
            throw new NoDataException("adjtimex is not installed");
        }
        Map<String, Double> values = values(print(program, deadline));
        double status = values.getOrDefault("status", 0.0);
        double unit = ((int) status & STATUS_NANO) != 0 ? NANOS : MICROS;
        List<MetricFamily> result = new ArrayList<>();
        add(
                result,
                values,
                "offset",
                unit,
                "offset_seconds",
                "Time offset in between local system and reference clock.");
        if (values.containsKey("frequency")) {
            result.add(MetricFamily.gauge(
                    "node_timex_frequency_adjustment_ratio",
                    "Local clock frequency adjustment.",
                    1 + values.get("frequency") / FREQUENCY_UNITS));
        }
        add(result, values, "maxerror", MICROS, "maxerror_seconds", "Maximum error in seconds.");
        add(result, values, "esterror", MICROS, "estimated_error_seconds", "Estimated error in seconds.");
        add(result, values, "status", 1, "status", "Value of the status array bits.");
        add(result, values, "time_constant", 1, "loop_time_constant", "Phase-locked loop time constant.");
        add(result, values, "tick", MICROS, "tick_seconds", "Seconds between clock ticks.");
        if (values.containsKey("return value")) {
            result.add(MetricFamily.gauge(
                    "node_timex_sync_status",
                    "Is clock synchronized to a reliable server (1 = yes, 0 = no).",
                    values.get("return value") == TIME_ERROR ? 0 : 1));
        }
        return result;
    }

    private static void add(
            List<MetricFamily> result,
            Map<String, Double> values,
            String field,
            double unit,
            String name,
            String help) {
        Double value = values.get(field);
        if (value != null) {
            result.add(MetricFamily.gauge("node_timex_" + name, help, value * unit));
        }
    }

    private static Map<String, Double> values(String text) {
        Map<String, Double> values = new HashMap<>();
        for (String line : text.lines().toList()) {
            int sign = line.indexOf(line.contains(":") ? ':' : '=');
            String value = line.substring(sign + 1).strip();
            if (sign > 0 && value.matches("-?[0-9]+")) {
                values.put(line.substring(0, sign).strip(), Double.valueOf(value));
            }
        }
        return values;
    }

    private static String print(Path program, Deadline deadline) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "--print")
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            if (!process.waitFor(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(program + " does not end");
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
