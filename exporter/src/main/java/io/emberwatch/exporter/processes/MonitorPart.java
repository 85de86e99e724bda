package io.emberwatch.exporter.processes;

import com.google.re2j.Pattern;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.time.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process monitor of the O2 Monitoring library, with its names and units, for this process and others.
 *
 * <p>Counts are those of the last interval. The averages of a process are said once it has ended: of others for some time, of
 * this one when the part is closed, to whoever sends samples on, and to the log.
 *
 * @see <a href="https://github.com/AliceO2Group/Monitoring">O2 Monitoring library</a>
 */
public final class MonitorPart implements Part {
    /** The source's name. */
    public static final String NAME = "process_monitor";

    private static final Logger logger = LoggerFactory.getLogger(NAME);

    private static final String[][] MEANINGS = {
        {"cpuUsedPercentage", "Processor time used in the last interval, in percent of one processor."},
        {"involuntaryContextSwitches", "Times the process was made to give up a processor in the last interval."},
        {"voluntaryContextSwitches", "Times the process gave up a processor by itself in the last interval."},
        {"cpuUsedAbsolute", "Processor time used in the last interval, in microseconds."},
        {"memoryUsagePercentage", "Resident memory, in percent of the machine's."},
        {"virtualMemorySize", "Virtual memory in KiB."},
        {"residentSetSize", "Resident memory in KiB."},
        {"proportionalSetSize", "Resident memory shared out among those who share it, in KiB."},
        {"memoryPrivateClean", "Memory of the process alone that was not changed, in KiB."},
        {"memoryPrivateDirty", "Memory of the process alone that was changed, in KiB."},
        {"cpuTimeConsumedByProcess", "Processor time used while the process was watched, in microseconds, at its end."},
        {"averageCpuUsedPercentage", "Mean of cpuUsedPercentage at the end of the process."},
        {"averageResidentSetSize", "Mean of residentSetSize in KiB at the end of the process."},
        {"averageVirtualMemorySize", "Mean of virtualMemorySize in KiB at the end of the process."}
    };

    private record Ended(WatchedProcess process, long atNanos) {}

    private final MonitorConfig config;
    private final Scheduler scheduler;
    private final LongSupplier nanos;
    private final ProcFs procfs;
    private final List<Pattern> commands;
    private final int own;
    private final Map<Integer, WatchedProcess> watched = new LinkedHashMap<>();
    private final List<Ended> ended = new ArrayList<>();
    private Scheduler.@Nullable Task task;

    public MonitorPart(MonitorConfig config, Scheduler scheduler) {
        this(config, scheduler, (int) ProcessHandle.current().pid(), System::nanoTime);
    }

    MonitorPart(MonitorConfig config, Scheduler scheduler, int own, LongSupplier nanos) {
        this.config = config;
        this.scheduler = scheduler;
        this.own = own;
        this.nanos = nanos;
        procfs = new ProcFs(config.procfs());
        commands = config.commands().stream().map(Pattern::compile).toList();
    }

    @Override
    public List<Source> sources() {
        return List.of(Source.of(new Values()));
    }

    @Override
    public void start() {
        look();
        task = scheduler.every(NAME, config.interval(), Duration.ZERO, at -> look());
    }

    private synchronized void look() {
        long now = nanos.getAsLong();
        ended.removeIf(one -> now - one.atNanos > config.keepEnded().toNanos());
        try {
            double totalKib = procfs.memoryKib();
            List<Integer> pids = pids();
            for (int pid : List.copyOf(watched.keySet())) {
                if (!pids.contains(pid)) {
                    end(pid, now);
                }
            }
            for (int pid : pids) {
                look(pid, totalKib, now);
            }
        } catch (IOException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("processes cannot be listed");
        }
    }

    private List<Integer> pids() throws IOException {
        List<Integer> pids = new ArrayList<>();
        if (config.self()) {
            pids.add(own);
        }
        pids.addAll(config.pids());
        if (!commands.isEmpty()) {
            for (int pid : procfs.pids()) {
                if (!pids.contains(pid) && pid != own && matches(pid)) {
                    pids.add(pid);
                }
            }
        }
        return pids.size() > config.maxProcesses() ? pids.subList(0, config.maxProcesses()) : pids;
    }

    private boolean matches(int pid) {
        try {
            String line = procfs.commandLine(pid);
            return commands.stream().anyMatch(command -> command.matcher(line).find());
        } catch (IOException gone) {
            return false;
        }
    }

    private void look(int pid, double totalKib, long now) {
        try {
            ProcessReading reading = procfs.reading(pid, false, false);
            WatchedProcess process = watched.get(pid);
            if (process != null && !process.is(reading)) {
                end(pid, now);
                process = null;
            }
            if (process == null) {
                process = new WatchedProcess(pid, procfs.name(pid), reading.startedTicks());
                watched.put(pid, process);
            }
            process.read(reading, procfs.memory(pid), totalKib, now);
        } catch (IOException gone) {
            end(pid, now);
        }
    }

    private void end(int pid, long now) {
        WatchedProcess process = watched.remove(pid);
        if (process != null) {
            ended.add(new Ended(process, now));
            logger.atInfo()
                    .addKeyValue("process", process.name())
                    .addKeyValue("pid", pid)
                    .addKeyValue("averages", process.averages())
                    .log("a watched process has ended");
        }
    }

    /** Whether a metric is one of those that a process has once it has ended. */
    public static boolean isSaidAtEnd(String name) {
        return name.startsWith("average") || name.equals("cpuTimeConsumedByProcess");
    }

    /** What each process did; after the close the averages alone. */
    private synchronized List<MetricFamily> families() {
        Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
        watched.values().forEach(process -> add(points, process, process.values()));
        ended.forEach(one -> add(points, one.process, one.process.averages()));
        List<MetricFamily> families = new ArrayList<>();
        for (String[] meaning : MEANINGS) {
            List<MetricPoint> found = points.get(meaning[0]);
            if (found != null) {
                families.add(MetricFamily.of(meaning[0], MetricType.GAUGE, meaning[1], found));
            }
        }
        return families;
    }

    private static void add(Map<String, List<MetricPoint>> points, WatchedProcess process, Map<String, Double> values) {
        Labels labels = Labels.of("pid", String.valueOf(process.pid()), "process", process.name());
        values.forEach((name, value) ->
                points.computeIfAbsent(name, key -> new ArrayList<>()).add(MetricPoint.of(name, labels, value)));
    }

    @Override
    public synchronized void close() {
        if (task != null) {
            task.close();
            look();
            long now = nanos.getAsLong();
            List.copyOf(watched.keySet()).forEach(pid -> end(pid, now));
            task = null;
        }
    }

    private final class Values implements SampleSource {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public List<MetricFamily> collect(Deadline deadline) {
            return families();
        }
    }
}
