package io.emberwatch.benchmarks.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processor time of the threads by which a JVM compiles. */
final class CompilerTime {
    private static final double TICKS_PER_SECOND = 100;
    private static final int UTIME_AFTER_NAME = 11;

    private CompilerTime() {}

    static double seconds(long pid) throws IOException {
        List<Path> tasks;
        try (Stream<Path> listed = Files.list(Path.of("/proc/" + pid + "/task"))) {
            tasks = listed.toList();
        }
        long ticks = 0;
        for (Path task : tasks) {
            ticks += ticks(task);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static long ticks(Path task) throws IOException {
        try {
            String stat = Files.readString(task.resolve("stat"));
            if (!stat.contains("(C1 Compiler") && !stat.contains("(C2 Compiler")) {
                return 0;
            }
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[UTIME_AFTER_NAME]) + Long.parseLong(fields[UTIME_AFTER_NAME + 1]);
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
