package io.emberwatch.exporter.processes;

import io.emberwatch.exporter.processes.ProcessReading.Counts;
import io.emberwatch.exporter.processes.ProcessReading.ThreadReading;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Groups of processes, in process-exporter's words.
 *
 * <p>What a process had counted before it was first seen is not counted, and what it counted stays when it ends, so that
 * the sums of a group never fall.
 */
public final class ProcessesSource implements SampleSource {
    private static final String PREFIX = "namedprocess_namegroup_";
    private static final String GROUP = "groupname";
    private static final List<String> STATES = List.of("Running", "Sleeping", "Waiting", "Zombie", "Other");

    private final ProcessesConfig config;
    private final ProcFs procfs;
    private final GroupMatcher matcher;
    private final boolean withCgroups;
    private final Map<Integer, Tracked> tracked = new HashMap<>();
    private final Map<String, ProcessGroup> groups = new TreeMap<>();
    private boolean first = true;
    private long errors;
    private long readErrors;
    private long partialErrors;

    /** @throws ConfigException when the file of groups cannot be used */
    public ProcessesSource(ProcessesConfig config) throws IOException, ConfigException {
        this.config = config;
        procfs = new ProcFs(config.procfs());
        List<ProcessesConfig.GroupConfig> names = new ArrayList<>(config.processNames());
        if (config.configFile() != null) {
            names.addAll(ConfigReader.read(config.configFile(), ProcessesConfig.NamesFile.class)
                    .processNames());
        }
        matcher = new GroupMatcher(names);
        withCgroups = matcher.needs("Cgroups");
    }

    /** A process as it was last seen. Its group is null when it belongs to none. */
    private record Tracked(
            double startedTicks, @Nullable String group, Counts counts, Map<Integer, ThreadReading> threads) {}

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        try {
            update(deadline);
        } catch (IOException e) {
            errors++;
            throw e;
        }
        Families families = new Families();
        groups.forEach((name, group) -> show(name, group, families));
        families.counter(
                "namedprocess_scrape_errors",
                "general scrape errors: no proc metrics collected during a cycle",
                errors);
        families.counter(
                "namedprocess_scrape_procread_errors",
                "incremented each time a proc's metrics collection fails",
                readErrors);
        families.counter(
                "namedprocess_scrape_partial_errors",
                "incremented each time a tracked proc's metrics collection fails partially, e.g. unreadable I/O stats",
                partialErrors);
        return families.list();
    }

    private void update(Deadline deadline) throws IOException {
        List<Integer> pids = procfs.pids();
        Map<Integer, ProcessReading> readings = new HashMap<>();
        for (int pid : pids) {
            if (deadline.isPast()) {
                throw new IOException("there are more processes than can be read in time");
            }
            try {
                readings.put(pid, procfs.reading(pid, config.threads(), config.smaps()));
            } catch (IOException gone) {
                // It ended meanwhile.
            }
        }
        tracked.keySet().retainAll(readings.keySet());
        Set<Integer> fresh = new HashSet<>();
        Map<Integer, String> named = new HashMap<>();
        for (Map.Entry<Integer, ProcessReading> entry : readings.entrySet()) {
            Tracked before = tracked.get(entry.getKey());
            if (before != null && before.startedTicks() == entry.getValue().startedTicks()) {
                if (!config.recheck()) {
                    if (before.group() != null) {
                        named.put(entry.getKey(), before.group());
                    }
                    continue;
                }
            } else {
                tracked.remove(entry.getKey());
                fresh.add(entry.getKey());
            }
            try {
                String group = matcher.groupOf(procfs.identity(entry.getKey(), entry.getValue(), withCgroups));
                if (group != null) {
                    named.put(entry.getKey(), group);
                }
            } catch (IOException gone) {
                readErrors++;
            }
        }
        groups.values().forEach(ProcessGroup::begin);
        for (Map.Entry<Integer, ProcessReading> entry : readings.entrySet()) {
            take(entry.getKey(), entry.getValue(), named, readings, fresh.contains(entry.getKey()));
        }
        first = false;
        if (config.removeEmptyGroups()) {
            groups.values().removeIf(group -> group.processes() == 0);
        }
    }

    private void take(
            int pid,
            ProcessReading reading,
            Map<Integer, String> named,
            Map<Integer, ProcessReading> all,
            boolean fresh)
            throws IOException {
        String name = groupOf(pid, named, all);
        Tracked before = tracked.get(pid);
        tracked.put(pid, new Tracked(reading.startedTicks(), name, reading.counts(), reading.byThread()));
        if (name == null || (!groups.containsKey(name) && groups.size() >= config.maxGroups())) {
            return;
        }
        ProcessGroup group = groups.computeIfAbsent(name, n -> new ProcessGroup());
        partialErrors += reading.partial() ? 1 : 0;
        group.add(reading, procfs.startSeconds(reading));
        // At the first scrape everything is old; a process that came later was born since the last.
        Counts base = before != null ? before.counts() : first ? reading.counts() : Counts.ZERO;
        if (before != null || fresh) {
            group.count(reading.counts().since(base));
        }
        reading.byThread().forEach((id, thread) -> {
            ThreadReading earlier = before == null ? null : before.threads().get(id);
            Counts threadBase = earlier != null ? earlier.counts() : first ? thread.counts() : Counts.ZERO;
            group.countThread(thread.name(), thread.counts().since(threadBase));
        });
    }

    private @Nullable String groupOf(int pid, Map<Integer, String> named, Map<Integer, ProcessReading> all) {
        int at = pid;
        // A chain of parents is no longer than there are processes.
        for (int step = 0; step <= all.size(); step++) {
            String group = named.get(at);
            if (group != null) {
                return group;
            }
            ProcessReading reading = all.get(at);
            if (!config.children() || reading == null) {
                return null;
            }
            at = reading.parent();
        }
        return null;
    }

    private void show(String name, ProcessGroup group, Families families) {
        families.gauge(PREFIX + "num_procs", "number of processes in this group", group.processes(), GROUP, name);
        List<String> kinds = new ArrayList<>(List.of("resident", "virtual", "swapped"));
        if (config.smaps()) {
            kinds.addAll(List.of("proportionalResident", "proportionalSwapped"));
        }
        for (String kind : kinds) {
            families.gauge(
                    PREFIX + "memory_bytes",
                    "number of bytes of memory in use",
                    group.memory(kind),
                    GROUP,
                    name,
                    "memtype",
                    kind);
        }
        families.gauge(
                PREFIX + "oldest_start_time_seconds",
                "start time in seconds since 1970/01/01 of oldest process in group",
                Math.floor(group.oldest()),
                GROUP,
                name);
        families.gauge(
                PREFIX + "open_filedesc",
                "number of open file descriptors for this group",
                group.openFiles(),
                GROUP,
                name);
        families.gauge(
                PREFIX + "worst_fd_ratio",
                "the worst (closest to 1) ratio between open fds and max fds among all procs in this group",
                group.worstRatio(),
                GROUP,
                name);
        families.gauge(PREFIX + "num_threads", "Number of threads", group.threads(), GROUP, name);
        for (String state : STATES) {
            families.gauge(
                    PREFIX + "states",
                    "Number of processes in states Running, Sleeping, Waiting, Zombie, or Other",
                    group.inState(state),
                    GROUP,
                    name,
                    "state",
                    state);
        }
        group.wchans()
                .forEach((wchan, count) -> families.gauge(
                        PREFIX + "threads_wchan",
                        "Number of threads in this group waiting on each wchan",
                        count,
                        GROUP,
                        name,
                        "wchan",
                        wchan));
        counts(PREFIX, "", name, null, group.counts(), families);
        group.threadNames()
                .forEach((thread, count) -> families.gauge(
                        PREFIX + "thread_count",
                        "Number of threads in this group with same threadname",
                        count,
                        GROUP,
                        name,
                        "threadname",
                        thread));
        group.threadCounts()
                .forEach((thread, counts) ->
                        counts(PREFIX + "thread_", " for these threads", name, thread, counts, families));
    }

    private static void counts(
            String prefix, String whose, String group, @Nullable String thread, Counts counts, Families families) {
        String[] own = thread == null ? new String[] {GROUP, group} : new String[] {GROUP, group, "threadname", thread};
        String cpu = prefix + "cpu_seconds_total";
        String cpuHelp = thread == null ? "Cpu user usage in seconds" : "Cpu user/system usage in seconds";
        families.counter(cpu, cpuHelp, counts.user(), with(own, "mode", "user"));
        families.counter(cpu, cpuHelp, counts.system(), with(own, "mode", "system"));
        if (thread == null) {
            families.counter(prefix + "read_bytes_total", "number of bytes read by this group", counts.read(), own);
            families.counter(
                    prefix + "write_bytes_total", "number of bytes written by this group", counts.written(), own);
        } else {
            String help = "number of bytes read/written by these threads";
            families.counter(prefix + "io_bytes_total", help, counts.read(), with(own, "iomode", "read"));
            families.counter(prefix + "io_bytes_total", help, counts.written(), with(own, "iomode", "write"));
        }
        families.counter(prefix + "major_page_faults_total", "Major page faults" + whose, counts.majorFaults(), own);
        families.counter(prefix + "minor_page_faults_total", "Minor page faults" + whose, counts.minorFaults(), own);
        String switches = prefix + "context_switches_total";
        String help = "Context switches" + whose;
        families.counter(switches, help, counts.voluntary(), with(own, "ctxswitchtype", "voluntary"));
        families.counter(switches, help, counts.nonvoluntary(), with(own, "ctxswitchtype", "nonvoluntary"));
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] more = Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = name;
        more[labels.length + 1] = value;
        return more;
    }
}
