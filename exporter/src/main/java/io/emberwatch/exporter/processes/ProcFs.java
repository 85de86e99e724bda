package io.emberwatch.exporter.processes;

import io.emberwatch.exporter.processes.ProcessReading.Counts;
import io.emberwatch.exporter.processes.ProcessReading.ThreadReading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads processes from {@code /proc} (proc(5)). A process that ends while it is read is an {@link IOException}. */
final class ProcFs {
    // USER_HZ, which is 100 wherever Linux runs, and the page size where Java does.
    private static final double TICKS_PER_SECOND = 100;
    private static final double PAGE = 4096;
    private static final double KIB = 1024;
    private static final int LARGEST_FILE = 1 << 20;
    private static final int MAX_THREADS = 4096;

    private final Path root;
    private double bootSeconds;

    ProcFs(Path root) {
        this.root = root;
    }

    /** The processes there are now. */
    List<Integer> pids() throws IOException {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.length() <= 9 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    pids.add(Integer.parseInt(name));
                }
            }
        }
        return pids;
    }

    /** When the machine was started, in seconds since the Unix epoch. */
    double bootSeconds() throws IOException {
        if (bootSeconds == 0) {
            for (String line : text(root.resolve("stat")).split("\n", -1)) {
                if (line.startsWith("btime ")) {
                    bootSeconds = number(line.substring("btime ".length()).trim());
                }
            }
        }
        return bootSeconds;
    }

    double startSeconds(ProcessReading reading) throws IOException {
        return bootSeconds() + reading.startedTicks() / TICKS_PER_SECOND;
    }

    /** What the kernel calls a process. */
    String name(int pid) throws IOException {
        return text(root.resolve(String.valueOf(pid)).resolve("comm")).stripTrailing();
    }

    /** The words of its command line, with blanks between them. */
    String commandLine(int pid) throws IOException {
        return text(root.resolve(String.valueOf(pid)).resolve("cmdline"))
                .replace('\0', ' ')
                .strip();
    }

    /** Its memory by kind in KiB, of all mappings together; nothing when that may not be read. */
    Map<String, Double> memory(int pid) {
        try {
            return fields(text(root.resolve(String.valueOf(pid)).resolve("smaps_rollup")));
        } catch (IOException notOurs) {
            return Map.of();
        }
    }

    /** The machine's memory in KiB. */
    double memoryKib() throws IOException {
        return fields(text(root.resolve("meminfo"))).getOrDefault("MemTotal", 0.0);
    }

    ProcessIdentity identity(int pid, ProcessReading reading, boolean withCgroups) throws IOException {
        Path folder = root.resolve(String.valueOf(pid));
        List<String> words = new ArrayList<>();
        for (String word : text(folder.resolve("cmdline")).split("\0", -1)) {
            words.add(word);
        }
        while (!words.isEmpty() && words.get(words.size() - 1).isEmpty()) {
            words.remove(words.size() - 1);
        }
        List<String> cgroups = new ArrayList<>();
        if (withCgroups) {
            for (String line : text(folder.resolve("cgroup")).split("\n", -1)) {
                if (!line.isEmpty()) {
                    cgroups.add(line.substring(line.lastIndexOf(':') + 1));
                }
            }
        }
        UserPrincipal owner = Files.getOwner(folder);
        return new ProcessIdentity(
                pid,
                text(folder.resolve("comm")).stripTrailing(),
                words,
                owner.getName(),
                Instant.ofEpochSecond((long) startSeconds(reading)),
                cgroups);
    }

    ProcessReading reading(int pid, boolean threads, boolean smaps) throws IOException {
        Path folder = root.resolve(String.valueOf(pid));
        Stat stat = stat(folder);
        Map<String, Double> status = fields(text(folder.resolve("status")));
        boolean partial = false;
        Map<String, Double> io = Map.of();
        double openFiles = -1;
        double maxFiles = -1;
        try {
            io = fields(text(folder.resolve("io")));
            openFiles = count(folder.resolve("fd"));
            maxFiles = openFileLimit(text(folder.resolve("limits")));
        } catch (IOException notOurs) {
            // Other users' processes show these to nobody but root.
            partial = true;
        }
        Map<String, Double> rollup = Map.of();
        if (smaps) {
            try {
                rollup = fields(text(folder.resolve("smaps_rollup")));
            } catch (IOException notOurs) {
                partial = true;
            }
        }
        Map<Integer, ThreadReading> byThread = threads ? threads(folder) : Map.of();
        return new ProcessReading(
                (int) stat.number(1),
                stat.words[0].charAt(0),
                counts(stat, status, io),
                (int) stat.number(17),
                stat.number(19),
                stat.number(20),
                stat.number(21) * PAGE,
                status.getOrDefault("VmSwap", 0.0) * KIB,
                openFiles,
                maxFiles,
                smaps ? rollup.getOrDefault("Pss", 0.0) * KIB : -1,
                smaps ? rollup.getOrDefault("SwapPss", 0.0) * KIB : -1,
                wchan(folder),
                byThread,
                partial);
    }

    private static Counts counts(Stat stat, Map<String, Double> status, Map<String, Double> io) {
        return new Counts(
                stat.number(11) / TICKS_PER_SECOND,
                stat.number(12) / TICKS_PER_SECOND,
                io.getOrDefault("read_bytes", 0.0),
                io.getOrDefault("write_bytes", 0.0),
                stat.number(9),
                stat.number(7),
                status.getOrDefault("voluntary_ctxt_switches", 0.0),
                status.getOrDefault("nonvoluntary_ctxt_switches", 0.0));
    }

    private static Map<Integer, ThreadReading> threads(Path folder) {
        Map<Integer, ThreadReading> threads = new LinkedHashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(folder.resolve("task"))) {
            for (Path task : tasks) {
                if (threads.size() >= MAX_THREADS) {
                    break;
                }
                try {
                    Stat stat = stat(task);
                    Map<String, Double> io = Map.of();
                    try {
                        io = fields(text(task.resolve("io")));
                    } catch (IOException notOurs) {
                        // As for the process.
                    }
                    threads.put(
                            Integer.parseInt(String.valueOf(task.getFileName())),
                            new ThreadReading(
                                    stat.comm, wchan(task), counts(stat, fields(text(task.resolve("status"))), io)));
                } catch (IOException | NumberFormatException gone) {
                    // A thread that ended meanwhile.
                }
            }
        } catch (IOException notListed) {
            // The process is shown without its threads.
        }
        return threads;
    }

    private static String wchan(Path folder) {
        try {
            String wchan = text(folder.resolve("wchan")).trim();
            return wchan.equals("0") ? "" : wchan;
        } catch (IOException hidden) {
            return "";
        }
    }

    private static double count(Path folder) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path ignored : entries) {
                count++;
            }
        }
        return count;
    }

    private static double openFileLimit(String limits) {
        for (String line : limits.split("\n", -1)) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).trim().split("\\s+", 2)[0];
                return soft.equals("unlimited") ? -1 : number(soft);
            }
        }
        return -1;
    }

    /** What stands after the name in a file {@code stat}; word 0 is field 3 of proc(5). */
    private static final class Stat {
        private final String comm;
        private final String[] words;

        Stat(String comm, String[] words) {
            this.comm = comm;
            this.words = words;
        }

        double number(int word) {
            return word < words.length ? ProcFs.number(words[word]) : 0;
        }
    }

    private static Stat stat(Path folder) throws IOException {
        String text = text(folder.resolve("stat"));
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 0 || close < open || close + 3 > text.length()) {
            throw new IOException(folder + "/stat cannot be read");
        }
        return new Stat(
                text.substring(open + 1, close),
                text.substring(close + 2).trim().split("\\s+", -1));
    }

    private static Map<String, Double> fields(String text) {
        Map<String, Double> fields = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String value = line.substring(colon + 1).trim().split("\\s+", 2)[0];
                if (!value.isEmpty() && value.charAt(0) >= '0' && value.charAt(0) <= '9') {
                    fields.put(line.substring(0, colon), number(value));
                }
            }
        }
        return fields;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LARGEST_FILE), StandardCharsets.UTF_8);
        }
    }
}
