package io.emberwatch.exporter.processes;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Which processes are watched as the process monitor of the O2 Monitoring library does.
 *
 * @param enabled whether any is
 * @param interval how often they are looked at, at least 100ms
 * @param self whether this process is one of them
 * @param pids numbers of processes
 * @param commands expressions (RE2), one of which is to be found in a process's command line
 * @param keepEnded how long the averages of a process that has ended are shown
 * @param maxProcesses how many are watched at a time; further ones are not
 */
public record MonitorConfig(
        @Default("false") boolean enabled,
        @Default("5s") Duration interval,
        @Default("true") boolean self,
        @Default("[]") List<Integer> pids,
        @Default("[]") List<String> commands,
        @Default("5m") Duration keepEnded,
        @Default("100") int maxProcesses,
        @Default("/proc") Path procfs) {
    public MonitorConfig {
        pids = List.copyOf(pids);
        commands = List.copyOf(commands);
        if (interval.toMillis() < 100) {
            throw new IllegalArgumentException("interval: must be at least 100ms");
        }
        if (keepEnded.isNegative()) {
            throw new IllegalArgumentException("keep_ended: must not be negative");
        }
        if (maxProcesses < 1) {
            throw new IllegalArgumentException("max_processes: must be at least 1");
        }
        try {
            commands.forEach(Pattern::compile);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("commands: " + e.getMessage(), e);
        }
    }
}
