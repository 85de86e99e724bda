package io.emberwatch.push.influx;

import io.emberwatch.model.line.LineScanner;
import io.emberwatch.push.influx.WriteOutcome.Refused;
import io.emberwatch.push.influx.WriteOutcome.Retry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gets as many lines stored as possible: when a database refuses lines together, halves of them are tried until those
 * are found that it refuses alone. Storing a line twice changes nothing, so nothing is lost or counted double.
 */
public final class BisectingWriter {
    private final LineStore store;
    private final RefusedLines refused;
    private int requests;

    /** Takes lines that no database will take. */
    @FunctionalInterface
    public interface RefusedLines {
        void refused(byte[] line, String reason);
    }

    public BisectingWriter(LineStore store, RefusedLines refused) {
        this.store = store;
        this.refused = refused;
    }

    /**
     * Writes lines, each with its line feed.
     *
     * @return null when every line is stored or refused for good; otherwise when and why to try all of them again
     */
    public @Nullable Retry write(byte[] lines) {
        requests++;
        WriteOutcome outcome = store.write(lines);
        if (outcome instanceof Retry retry) {
            return retry;
        }
        if (outcome instanceof Refused no) {
            int middle = middle(lines);
            if (middle == lines.length) {
                refused.refused(lines, no.reason());
                return null;
            }
            Retry first = write(Arrays.copyOf(lines, middle));
            return first != null ? first : write(Arrays.copyOfRange(lines, middle, lines.length));
        }
        return null;
    }

    /** The beginning of the line nearest behind the middle, else of the last line; the length when there is only one. */
    private static int middle(byte[] lines) {
        LineScanner scanner = new LineScanner();
        scanner.reset(lines);
        int middle = lines.length;
        boolean first = true;
        while (scanner.next()) {
            if (!first) {
                middle = scanner.lineStart();
                if (middle >= lines.length / 2) {
                    return middle;
                }
            }
            first = false;
        }
        return middle;
    }

    /** Requests made so far. */
    public int requests() {
        return requests;
    }
}
