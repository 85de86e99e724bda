package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
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
import java.util.function.LongSupplier;

/**
 * How well the clock is disciplined. Java cannot call adjtimex(2), so another program is asked, and what it said holds for
 * {@value #KEPT_SECONDS} s: Perl, which every Debian has, makes the call itself; where there is none, {@code adjtimex --print}
 * (Debian's package adjtimex) tells all but the pulse per second and the offset of TAI. Nothing where neither is installed.
 */
final class TimexCollector implements SampleSource {
    static final int KEPT_SECONDS = 10;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final double MICROS = 1e-6;
    private static final double NANOS = 1e-9;
    private static final int STATUS_NANO = 0x2000;
    private static final int TIME_ERROR = 5;
    private static final int MAX_BYTES = 8192;
    private static final double FREQUENCY_UNITS = 65536 * 1e6;

    // The number of the system call, and struct timex of 64-bit Linux: 208 bytes, all 0 to ask alone.
    private static final Map<String, Integer> SYSTEM_CALLS =
            Map.of("amd64", 159, "aarch64", 171, "riscv64", 171, "ppc64le", 124, "s390x", 124);
    private static final String ASK_KERNEL = """
            my $timex = "\\0" x 208;
            my $state = syscall(%d, $timex);
            exit 1 if $state < 0;
            my @names = ("offset", "frequency", "maxerror", "esterror", "status", "time_constant", "precision",
                "tolerance", "seconds", "fraction", "tick", "ppsfreq", "jitter", "shift", "stabil", "jitcnt", "calcnt",
                "errcnt", "stbcnt", "tai");
            my @values = unpack("x8 q4 l x4 q3 q2 q q q l x4 q5 l", $timex);
            print "$names[$_]: $values[$_]\\n" for 0 .. $#names;
            print "return value = $state\\n";
            """;

    private final List<List<String>> commands;
    private final LongSupplier clock;
    private List<MetricFamily> last = List.of();
    private long askedAt;

    TimexCollector() {
        this(programs(System.getProperty("os.arch", "")), System::nanoTime);
    }

    /**
     * @param commands what can be asked, the best first
     * @param clock nanoseconds, to measure how old an answer is
     */
    TimexCollector(List<List<String>> commands, LongSupplier clock) {
        this.commands = commands;
        this.clock = clock;
    }

    static List<List<String>> programs(String architecture) {
        List<List<String>> programs = new ArrayList<>();
        Integer call = SYSTEM_CALLS.get(architecture);
        if (call != null) {
            programs.add(List.of("/usr/bin/perl", "-e", ASK_KERNEL.formatted(call)));
        }
        programs.add(List.of("/sbin/adjtimex", "--print"));
        programs.add(List.of("/usr/sbin/adjtimex", "--print"));
        return programs;
    }

    @Override
    public String name() {
        return "timex";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        if (last.isEmpty() || clock.getAsLong() - askedAt >= KEPT_SECONDS * NANOS_PER_SECOND) {
            last = List.of();
            last = families(ask(deadline));
            askedAt = clock.getAsLong();
        }
        return last;
    }

    private Map<String, Double> ask(Deadline deadline) throws IOException {
        for (List<String> command : commands) {
            if (Files.isExecutable(Path.of(command.get(0)))) {
                Map<String, Double> values = values(print(command, deadline));
                if (values.containsKey("status")) {
                    return values;
                }
            }
        }
        throw new NoDataException("neither perl nor adjtimex tells of the clock");
    }

    private static List<MetricFamily> families(Map<String, Double> values) {
        double status = values.getOrDefault("status", 0.0);
        double unit = ((int) status & STATUS_NANO) != 0 ? NANOS : MICROS;
        Found found = new Found(values);
        found.gauge("offset", unit, "offset_seconds", "Time offset in between local system and reference clock.");
        Double frequency = values.get("frequency");
        if (frequency != null) {
            found.add(
                    "frequency_adjustment_ratio",
                    MetricType.GAUGE,
                    "Local clock frequency adjustment.",
                    1 + frequency / FREQUENCY_UNITS);
        }
        found.gauge("maxerror", MICROS, "maxerror_seconds", "Maximum error in seconds.");
        found.gauge("esterror", MICROS, "estimated_error_seconds", "Estimated error in seconds.");
        found.gauge("status", 1, "status", "Value of the status array bits.");
        found.gauge("time_constant", 1, "loop_time_constant", "Phase-locked loop time constant.");
        found.gauge("tick", MICROS, "tick_seconds", "Seconds between clock ticks.");
        found.gauge("ppsfreq", 1 / FREQUENCY_UNITS, "pps_frequency_hertz", "Pulse per second frequency.");
        found.gauge("jitter", unit, "pps_jitter_seconds", "Pulse per second jitter.");
        found.gauge("shift", 1, "pps_shift_seconds", "Pulse per second interval duration.");
        found.gauge(
                "stabil",
                1 / FREQUENCY_UNITS,
                "pps_stability_hertz",
                "Pulse per second stability, average of recent frequency changes.");
        found.counter("jitcnt", "pps_jitter_total", "Pulse per second count of jitter limit exceeded events.");
        found.counter("calcnt", "pps_calibration_total", "Pulse per second count of calibration intervals.");
        found.counter("errcnt", "pps_error_total", "Pulse per second count of calibration errors.");
        found.counter(
                "stbcnt", "pps_stability_exceeded_total", "Pulse per second count of stability limit exceeded events.");
        found.gauge("tai", 1, "tai_offset_seconds", "International Atomic Time (TAI) offset.");
        Double state = values.get("return value");
        if (state != null) {
            found.add(
                    "sync_status",
                    MetricType.GAUGE,
                    "Is clock synchronized to a reliable server (1 = yes, 0 = no).",
                    state == TIME_ERROR ? 0 : 1);
        }
        return found.families;
    }

    /** The metrics of the fields that there are. */
    private record Found(Map<String, Double> values, List<MetricFamily> families) {
        Found(Map<String, Double> values) {
            this(values, new ArrayList<>());
        }

        void gauge(String field, double unit, String name, String help) {
            Double value = values.get(field);
            if (value != null) {
                add(name, MetricType.GAUGE, help, value * unit);
            }
        }

        void counter(String field, String name, String help) {
            Double value = values.get(field);
            if (value != null) {
                add(name, MetricType.COUNTER, help, value);
            }
        }

        void add(String name, MetricType type, String help, double value) {
            String full = "node_timex_" + name;
            families.add(
                    type == MetricType.COUNTER
                            ? MetricFamily.counter(full, help, value)
                            : MetricFamily.gauge(full, help, value));
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

    private static String print(List<String> command, Deadline deadline) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            if (!process.waitFor(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(command.get(0) + " does not end");
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
