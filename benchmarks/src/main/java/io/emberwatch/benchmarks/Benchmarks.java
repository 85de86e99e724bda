package io.emberwatch.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Runs benchmarks: all whose name begins with one of the arguments, or says which there are.
 *
 * <p>A benchmark is found when {@code META-INF/services/io.emberwatch.benchmarks.Benchmark} names its class.
 */
public final class Benchmarks {
    private Benchmarks() {}

    @SuppressWarnings("SystemOut") // a command line that prints its table
    public static void main(String[] names) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(Benchmarks::endProcesses, "end-processes"));
        List<Benchmark> all = ServiceLoader.load(Benchmark.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        if (names.length == 0) {
            System.out.println("benchmarks/run NAME…, a name or the beginning of names:");
            all.forEach(benchmark -> System.out.println("  " + benchmark.name() + "  " + benchmark.description()));
            return;
        }
        Report report = new Report(System.out);
        for (Benchmark benchmark : all) {
            for (String name : names) {
                if (benchmark.name().startsWith(name)) {
                    System.out.println(benchmark.name() + ": " + benchmark.description());
                    benchmark.run(report);
                    break;
                }
            }
        }
        System.out.println();
        System.out.print(report.markdown());
        System.out.print("load average at the end: " + Files.readString(Path.of("/proc/loadavg")));
    }

    /** Whoever is ended in the middle of a benchmark leaves no broker, database or component behind. */
    private static void endProcesses() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
}
