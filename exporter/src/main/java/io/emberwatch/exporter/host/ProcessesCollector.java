package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many processes and threads there are, by state. Reads a file of each, so it costs more the more there are. */
final class ProcessesCollector implements SampleSource {
    private final Path procfs;
    private final KernelFile threadsMax;
    private final KernelFile pidMax;
    private final Family states = Family.gauge("node_processes_state", "Number of processes in each state.");
    private final Family threadStates =
            Family.gauge("node_processes_threads_state", "Number of threads in each state.");

    ProcessesCollector(HostPaths paths) {
        procfs = paths.procfs();
        threadsMax = paths.proc("sys/kernel/threads-max");
        pidMax = paths.proc("sys/kernel/pid_max");
    }

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        Map<String, Integer> processes = new TreeMap<>();
        Map<String, Integer> threads = new TreeMap<>();
        int pids = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(procfs, "[0-9]*")) {
            for (Path folder : folders) {
                String state = state(folder.resolve("stat"));
                if (state != null) {
                    pids++;
                    processes.merge(state, 1, Integer::sum);
                    countThreads(folder.resolve("task"), threads);
                }
                if (deadline.isPast()) {
                    throw new IOException("not all of /proc could be read in time");
                }
            }
        }
        processes.forEach((state, count) -> states.add(count, "state", state));
        threads.forEach((state, count) -> threadStates.add(count, "thread_state", state));
        int all = threads.values().stream().mapToInt(Integer::intValue).sum();
        List<MetricFamily> result = new ArrayList<>();
        result.add(MetricFamily.gauge("node_processes_threads", "Allocated threads in system", all));
        result.add(MetricFamily.gauge(
                "node_processes_max_threads",
                "Limit of threads in the system",
                Words.count(threadsMax.text().strip())));
        result.add(MetricFamily.gauge("node_processes_pids", "Number of PIDs", pids));
        result.add(MetricFamily.gauge(
                "node_processes_max_processes",
                "Number of max PIDs limit",
                Words.count(pidMax.text().strip())));
        states.flushTo(result);
        threadStates.flushTo(result);
        return result;
    }

    private static void countThreads(Path tasks, Map<String, Integer> threads) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(tasks)) {
            for (Path folder : folders) {
                String state = state(folder.resolve("stat"));
                if (state != null) {
                    threads.merge(state, 1, Integer::sum);
                }
            }
        } catch (IOException gone) {
            // It ended meanwhile.
        }
    }

    // The letter behind the name, which stands in parentheses and may hold anything; null when it ended meanwhile.
    private static @Nullable String state(Path stat) {
        String line = KernelFile.firstLine(stat);
        int end = line == null ? -1 : line.lastIndexOf(')');
        return line == null || end < 0 || end + 2 >= line.length() ? null : line.substring(end + 2, end + 3);
    }
}
