package io.emberwatch.exporter.processes;

import java.util.Map;

/**
 * The numbers of one process, or of one of its threads, as the kernel counts them since its start.
 *
 * @param state the letter of {@code /proc/PID/stat}
 * @param openFiles -1 when they may not be counted
 * @param proportional memory shared out among those who share it; -1 when not read
 */
record ProcessReading(
        int parent,
        char state,
        Counts counts,
        int threads,
        double startedTicks,
        double virtualBytes,
        double residentBytes,
        double swappedBytes,
        double openFiles,
        double maxFiles,
        double proportional,
        double proportionalSwap,
        String wchan,
        Map<Integer, ThreadReading> byThread,
        boolean partial) {

    /** What only grows while the process lives. */
    record Counts(
            double user,
            double system,
            double read,
            double written,
            double majorFaults,
            double minorFaults,
            double voluntary,
            double nonvoluntary) {
        static final Counts ZERO = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(
                    user + other.user,
                    system + other.system,
                    read + other.read,
                    written + other.written,
                    majorFaults + other.majorFaults,
                    minorFaults + other.minorFaults,
                    voluntary + other.voluntary,
                    nonvoluntary + other.nonvoluntary);
        }

        /** What was added since {@code before}; never negative. */
        Counts since(Counts before) {
            return new Counts(
                    Math.max(0, user - before.user),
                    Math.max(0, system - before.system),
                    Math.max(0, read - before.read),
                    Math.max(0, written - before.written),
                    Math.max(0, majorFaults - before.majorFaults),
                    Math.max(0, minorFaults - before.minorFaults),
                    Math.max(0, voluntary - before.voluntary),
                    Math.max(0, nonvoluntary - before.nonvoluntary));
        }
    }

    /** One thread. */
    record ThreadReading(String name, String wchan, Counts counts) {}
}
