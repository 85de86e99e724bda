package io.emberwatch.exporter.processes;

import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The groups of processes to show, in process-exporter's form.
 *
 * @param processNames who belongs to which group; of several that match the first counts
 * @param configFile the same in a file of its own, such as process-exporter's configuration
 * @param children whether a process that matches nothing belongs to the group of its nearest ancestor that does
 * @param threads whether threads are shown by name
 * @param smaps whether proportional memory is read too, which costs the kernel much for large processes
 * @param recheck whether the names of processes are looked at anew at every scrape
 * @param removeEmptyGroups whether a group without processes is forgotten instead of shown as 0
 * @param maxGroups how many groups there may be; further ones are not shown
 */
public record ProcessesConfig(
        @Default("[]") List<GroupConfig> processNames,
        @Nullable Path configFile,
        @Default("true") boolean children,
        @Default("true") boolean threads,
        @Default("false") boolean smaps,
        @Default("false") boolean recheck,
        @Default("false") boolean removeEmptyGroups,
        @Default("/proc") Path procfs,
        @Default("1000") int maxGroups) {
    public ProcessesConfig {
        processNames = List.copyOf(processNames);
        if (maxGroups < 1) {
            throw new IllegalArgumentException("max_groups: must be at least 1");
        }
    }

    /** Whether there are no groups to show. */
    public boolean isEmpty() {
        return processNames.isEmpty() && configFile == null;
    }

    /**
     * One kind of group. Of the conditions given all must hold.
     *
     * @param name a template of the group's name: text with {@code {{.Comm}}}, {@code {{.ExeBase}}}, {@code
     *     {{.ExeFull}}}, {@code {{.Username}}}, {@code {{.PID}}}, {@code {{.StartTime}}}, {@code {{.Cgroups}}}, {@code
     *     {{.Matches.x}}} for the group {@code x} of a pattern
     * @param comm names of the kernel, at most 15 characters; one must be equal
     * @param exe programs: a full path as in the command line, or the last part of one
     * @param cmdline patterns (RE2) that must all be found in the command line, its words joined by spaces
     */
    public record GroupConfig(
            @Default("'{{.ExeBase}}'") String name,
            @Nullable List<String> comm,
            @Nullable List<String> exe,
            @Nullable List<String> cmdline) {
        public GroupConfig {
            comm = comm == null ? null : List.copyOf(comm);
            exe = exe == null ? null : List.copyOf(exe);
            cmdline = cmdline == null ? null : List.copyOf(cmdline);
            NameTemplate.parse(name);
            if (comm == null && exe == null && cmdline == null) {
                throw new IllegalArgumentException("one of comm, exe and cmdline must be given");
            }
            if (cmdline != null) {
                GroupMatcher.compile(cmdline);
            }
        }
    }

    /** What process-exporter's own file holds. */
    record NamesFile(@Default("[]") List<GroupConfig> processNames) {}
}
