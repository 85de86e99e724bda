package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.lineprotocol.InfluxMetrics.ListenerCounts;
import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.model.line.Dialect;
import io.emberwatch.model.line.FieldKind;
import io.emberwatch.model.line.LineFault;
import io.emberwatch.model.line.LineScanner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Reads text of line protocol, stores what it says and forwards its good lines. Not safe for several threads. */
final class LineReader {
    private static final int LONGEST_QUOTE = 200;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final LineScanner scanner;
    private final LineStore store;
    private final LineForwarder forwarder;
    private final ListenerCounts counts;
    private final InstantSource clock;
    private final int maxLine;
    private final KnownLine known = new KnownLine();
    private long faults;
    private long good;
    private @Nullable String firstFault;

    LineReader(LineStore store, LineForwarder forwarder, ListenerCounts counts, InstantSource clock, int maxLine) {
        this.scanner = new LineScanner(Dialect.V2, maxLine);
        this.store = store;
        this.forwarder = forwarder;
        this.counts = counts;
        this.clock = clock;
        this.maxLine = maxLine;
    }

    /** Lines that could not be read so far. */
    long faults() {
        return faults;
    }

    /** Lines that could be read so far. */
    long good() {
        return good;
    }

    /** The first line that could not be read and why; null when there was none. */
    @Nullable
    String firstFault() {
        return firstFault;
    }

    /** A text as a whole: a datagram. Strings may hold line feeds. */
    void takeText(byte[] in, int from, int to, long nanosPerUnit) {
        take(in, from, to, nanosPerUnit, true, false);
    }

    /** Lines of a stream, which has no end that could be waited for: a line feed ends a line, in a string too. */
    void takeLines(byte[] in, int from, int to) {
        take(in, from, to, 1, true, true);
    }

    /**
     * A part of a text.
     *
     * @param last whether it is the last part
     * @return the offset from which on it is to be given again, with more behind it
     */
    int takePart(byte[] in, int from, int to, long nanosPerUnit, boolean last) {
        int end = to;
        while (!last && end > from && in[end - 1] != '\n') {
            end--;
        }
        return end == from ? from : take(in, from, end, nanosPerUnit, last, false);
    }

    private int take(byte[] in, int from, int to, long nanosPerUnit, boolean last, boolean byLine) {
        int done = to;
        synchronized (store) {
            Instant now = clock.instant();
            long nowMillis = now.toEpochMilli();
            long nowNanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
            int at = from;
            store.begin();
            while (at < to) {
                if (nanosPerUnit == 1 && store.storeKnown(known, in, at, to, maxLine, nowMillis, counts)) {
                    good++;
                    if (forwarder.isOn()) {
                        forwarder.add(in, at, known.fieldsEnd, known.hasTimestamp ? known.timestamp : nowNanos);
                    }
                    at = known.end;
                    continue;
                }
                scanner.reset(in, at, to);
                if (!scanner.next()) {
                    break;
                }
                LineFault fault = scanner.fault();
                if (fault == LineFault.UNTERMINATED_STRING && !last && to - scanner.lineStart() <= maxLine) {
                    done = scanner.lineStart();
                    break;
                }
                if (fault == null && byLine && hasLineFeed()) {
                    fault = splitAtLineFeed(to);
                }
                takeLine(fault, nanosPerUnit, nowMillis, nowNanos);
                at = scanner.position();
            }
            counts.publish();
        }
        return done;
    }

    private boolean hasLineFeed() {
        for (int field = 0; field < scanner.fieldCount(); field++) {
            if (scanner.fieldKind(field) == FieldKind.STRING) {
                for (int i = scanner.fieldValueStart(field); i < scanner.fieldValueEnd(field); i++) {
                    if (scanner.input()[i] == '\n') {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Goes on behind the first line feed of the line; the line itself is one that ends within a string. */
    private LineFault splitAtLineFeed(int to) {
        byte[] in = scanner.input();
        int end = scanner.lineStart();
        while (in[end] != '\n') {
            end++;
        }
        scanner.reset(in, end + 1, to);
        return LineFault.UNTERMINATED_STRING;
    }

    private void takeLine(@Nullable LineFault fault, long nanosPerUnit, long nowMillis, long nowNanos) {
        if (fault != null) {
            fault(fault);
            return;
        }
        long timestamp = nowNanos;
        if (scanner.hasTimestamp()) {
            timestamp = scanner.timestamp() * nanosPerUnit;
            if (nanosPerUnit != 1 && timestamp / nanosPerUnit != scanner.timestamp()) {
                fault(LineFault.TIMESTAMP_RANGE);
                return;
            }
        }
        good++;
        store.store(scanner, timestamp, nowMillis, counts);
        if (forwarder.isOn()) {
            forwarder.add(scanner, timestamp);
        }
    }

    /** A line is lost before it could be read. */
    void lost(Loss loss) {
        faults++;
        counts.lost(loss);
        if (firstFault == null) {
            firstFault = loss == Loss.TOO_LONG ? "a line is longer than " + maxLine + " bytes" : "a line has no end";
        }
    }

    private void fault(LineFault fault) {
        faults++;
        counts.fault(fault);
        if (firstFault == null) {
            int from = scanner.lineStart();
            int to = Math.min(scanner.lineEnd(), from + LONGEST_QUOTE);
            firstFault = "unable to parse '" + new String(scanner.input(), from, to - from, StandardCharsets.UTF_8)
                    + "': " + fault.text();
        }
    }
}
