package io.emberwatch.scorer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A stretch of a recorded run in which an etcd cluster was in a known state, and what its clients saw of it.
 *
 * @param requests that were answered
 * @param errors requests that failed
 * @param putMillis the median time of a write, NaN when none succeeded or none was made
 */
record Phase(Instant start, Instant end, String name, String detail, long requests, long errors, double putMillis) {
    static List<Phase> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.matches("\\d+,.*"))
                .map(line -> line.split(",", -1))
                .map(field -> new Phase(
                        Instant.ofEpochSecond(Long.parseLong(field[0])),
                        Instant.ofEpochSecond(Long.parseLong(field[1])),
                        field[2],
                        field[3],
                        Long.parseLong(field[6]),
                        Long.parseLong(field[7]),
                        field[8].equals("nan") ? Double.NaN : Double.parseDouble(field[8])))
                .toList();
    }

    double errorShare() {
        return requests + errors == 0 ? 0 : (double) errors / (requests + errors);
    }

    /** Whether the clients could tell that something was wrong. */
    boolean clientsSuffer() {
        return errorShare() > 0.01 || putMillis > 40;
    }

    boolean contains(Instant at) {
        return !at.isBefore(start) && at.isBefore(end);
    }
}
