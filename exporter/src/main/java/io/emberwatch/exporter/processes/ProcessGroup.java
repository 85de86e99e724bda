package io.emberwatch.exporter.processes;

import io.emberwatch.exporter.processes.ProcessReading.Counts;
import io.emberwatch.exporter.processes.ProcessReading.ThreadReading;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The sums of one group at one scrape; its counts go on from those of the last, whoever has died since. */
final class ProcessGroup {
    private static final int MAX_THREAD_NAMES = 1000;

    private Counts counts = Counts.ZERO;
    private final Map<String, Counts> threadCounts = new TreeMap<>();

    private int processes;
    private double resident;
    private double virtual;
    private double swapped;
    private double proportional;
    private double proportionalSwap;
    private double openFiles;
    private double worstRatio;
    private double oldest;
    private int threads;
    private final Map<String, Integer> states = new LinkedHashMap<>();
    private final Map<String, Integer> wchans = new TreeMap<>();
    private final Map<String, Integer> threadNames = new TreeMap<>();

    /** Forgets what is of the moment; keeps what has been counted. */
    void begin() {
        processes = 0;
        resident = 0;
        virtual = 0;
        swapped = 0;
        proportional = 0;
        proportionalSwap = 0;
        openFiles = 0;
        worstRatio = 0;
        oldest = 0;
        threads = 0;
        states.clear();
        wchans.clear();
        threadNames.clear();
    }

    void count(Counts more) {
        counts = counts.plus(more);
    }

    /** Counts for a thread's name, of which there are at most {@value #MAX_THREAD_NAMES}. */
    void countThread(String name, Counts more) {
        if (threadCounts.size() < MAX_THREAD_NAMES || threadCounts.containsKey(name)) {
            threadCounts.merge(name, more, Counts::plus);
        }
    }

    void add(ProcessReading reading, double startSeconds) {
        processes++;
        resident += reading.residentBytes();
        virtual += reading.virtualBytes();
        swapped += reading.swappedBytes();
        proportional += Math.max(0, reading.proportional());
        proportionalSwap += Math.max(0, reading.proportionalSwap());
        openFiles += Math.max(0, reading.openFiles());
        if (reading.maxFiles() > 0 && reading.openFiles() >= 0) {
            worstRatio = Math.max(worstRatio, reading.openFiles() / reading.maxFiles());
        }
        oldest = oldest == 0 ? startSeconds : Math.min(oldest, startSeconds);
        threads += reading.threads();
        states.merge(state(reading.state()), 1, Integer::sum);
        if (reading.byThread().isEmpty()) {
            waits(reading.wchan());
        }
        for (ThreadReading thread : reading.byThread().values()) {
            threadNames.merge(thread.name(), 1, Integer::sum);
            waits(thread.wchan());
        }
    }

    private void waits(String wchan) {
        if (!wchan.isEmpty()) {
            wchans.merge(wchan, 1, Integer::sum);
        }
    }

    private static String state(char letter) {
        return switch (letter) {
            case 'R' -> "Running";
            case 'S', 'I' -> "Sleeping";
            case 'D' -> "Waiting";
            case 'Z' -> "Zombie";
            default -> "Other";
        };
    }

    Counts counts() {
        return counts;
    }

    Map<String, Counts> threadCounts() {
        return threadCounts;
    }

    int processes() {
        return processes;
    }

    double memory(String kind) {
        return switch (kind) {
            case "resident" -> resident;
            case "virtual" -> virtual;
            case "swapped" -> swapped;
            case "proportionalResident" -> proportional;
            default -> proportionalSwap;
        };
    }

    double openFiles() {
        return openFiles;
    }

    double worstRatio() {
        return worstRatio;
    }

    double oldest() {
        return oldest;
    }

    int threads() {
        return threads;
    }

    int inState(String state) {
        return states.getOrDefault(state, 0);
    }

    Map<String, Integer> wchans() {
        return wchans;
    }

    Map<String, Integer> threadNames() {
        return threadNames;
    }
}
