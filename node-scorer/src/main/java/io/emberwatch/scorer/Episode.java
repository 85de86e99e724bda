package io.emberwatch.scorer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A stretch of the past of which somebody knows what it was.
 *
 * @param end exclusive
 * @param fault whether something was wrong; otherwise whatever was done did no harm
 */
record Episode(Instant start, Instant end, String name, boolean fault) {
    /** The most lines of a file of labels that are read. */
    private static final int MOST = 10_000;

    Episode {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("it ends before it begins");
        }
    }

    boolean contains(Instant at) {
        return !at.isBefore(start) && at.isBefore(end);
    }

    /**
     * Reads labels as CSV without quotes. Of the columns that the first line names, {@code start} and {@code end} (or
     * {@code start_unix}, {@code end_unix}) are Unix seconds or RFC 3339, {@code name} (or {@code phase}) is free, and
     * {@code kind} is {@code fault} or {@code harmless}; lines of other kinds are passed over.
     *
     * @throws IOException with the line, when one cannot be read, and when no two kinds are there
     */
    static List<Episode> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || lines.size() > MOST) {
            throw new IOException(file + ": between 1 and " + MOST + " lines are read");
        }
        List<String> columns =
                Arrays.asList(lines.get(0).toLowerCase(Locale.ROOT).strip().split("\\s*,\\s*", -1));
        int start = column(file, columns, "start", "start_unix");
        int end = column(file, columns, "end", "end_unix");
        int name = column(file, columns, "name", "phase");
        int kind = column(file, columns, "kind", "kind");
        List<Episode> episodes = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] fields = lines.get(i).strip().split("\\s*,\\s*", -1);
            if (fields.length == 1 && fields[0].isEmpty()) {
                continue;
            }
            try {
                if (fields.length != columns.size()) {
                    throw new IllegalArgumentException(
                            fields.length + " fields where the first line has " + columns.size());
                }
                boolean fault = fields[kind].equals("fault");
                if (fault || fields[kind].equals("harmless")) {
                    episodes.add(new Episode(time(fields[start]), time(fields[end]), fields[name], fault));
                }
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        if (episodes.stream().allMatch(Episode::fault) || episodes.stream().noneMatch(Episode::fault)) {
            throw new IOException(file + ": at least one fault and one harmless state are needed");
        }
        return episodes;
    }

    private static int column(Path file, List<String> columns, String name, String other) throws IOException {
        int column = Math.max(columns.indexOf(name), columns.indexOf(other));
        if (column < 0) {
            throw new IOException(file + ":1: no column " + name);
        }
        return column;
    }

    private static Instant time(String text) {
        return text.matches("[0-9]{1,12}") ? Instant.ofEpochSecond(Long.parseLong(text)) : Instant.parse(text);
    }
}
