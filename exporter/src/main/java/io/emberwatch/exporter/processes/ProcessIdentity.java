package io.emberwatch.exporter.processes;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What tells a process from others.
 *
 * @param comm the kernel's name of it
 * @param cmdline the words of its command line; empty for threads of the kernel
 */
record ProcessIdentity(
        int pid, String comm, List<String> cmdline, String username, Instant started, List<String> cgroups) {
    private static final String MATCHES = "Matches.";

    String exeFull() {
        return cmdline.isEmpty() ? comm : cmdline.get(0);
    }

    String exeBase() {
        String full = exeFull();
        int slash = full.lastIndexOf('/');
        String base = full.substring(slash + 1);
        return base.isEmpty() ? full : base;
    }

    /** The value of a template's field. */
    String field(String name, Map<String, String> matches) {
        return switch (name) {
            case "Comm" -> comm;
            case "ExeBase" -> exeBase();
            case "ExeFull" -> exeFull();
            case "Username" -> username;
            case "PID" -> String.valueOf(pid);
            case "StartTime" -> started.toString();
            case "Cgroups" -> cgroups.toString();
            default ->
                name.startsWith(MATCHES)
                        ? matches.getOrDefault(name.substring(MATCHES.length()), "")
                        : matches.toString();
        };
    }
}
