package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Measured;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Processor time that processes and this one take from a moment on. */
final class ProcessorTimes {
    private static final String OWN = "load";
    private static final String COMPILERS = "compilers";
    private final List<Processes.One> processes;
    private final Map<String, Double> before;
    private final long begun = System.nanoTime();

    ProcessorTimes(List<Processes.One> processes) throws IOException {
        this.processes = List.copyOf(processes);
        before = seconds();
    }

    private Map<String, Double> seconds() throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        double compilers = 0;
        for (Processes.One one : processes) {
            double compiling = one.compilerSeconds();
            compilers += compiling;
            seconds.put(one.name, one.cpuSeconds() - compiling);
        }
        double own = CompilerTime.seconds(ProcessHandle.current().pid());
        seconds.put(OWN, Measured.ownCpuSeconds() - own);
        seconds.put(COMPILERS, compilers + own);
        return seconds;
    }

    /** Microseconds of each since then for each of so many lines; those of all JVMs' compilers by themselves. */
    Map<String, Double> microsPer(double lines) throws IOException {
        Map<String, Double> micros = seconds();
        micros.replaceAll((name, now) -> (now - before.getOrDefault(name, 0.0)) * 1e6 / lines);
        return micros;
    }

    /** All but the compilers, whose share ends with time. */
    static double warm(Map<String, Double> micros) {
        return sum(micros) - micros.getOrDefault(COMPILERS, 0.0);
    }

    static double sum(Map<String, Double> micros) {
        return micros.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The same as text, with the sum and how many processors were busy with them. */
    String text(double lines) throws IOException {
        double wall = (System.nanoTime() - begun) / 1e9;
        Map<String, Double> micros = microsPer(lines);
        double sum = sum(micros);
        StringJoiner text = new StringJoiner(", ");
        micros.forEach((name, each) -> text.add(String.format(Locale.ROOT, "%s %.2f", name, each)));
        return String.format(Locale.ROOT, "%s; all %.2f µs/line, %.2f processors", text, sum, sum * lines / 1e6 / wall);
    }
}
