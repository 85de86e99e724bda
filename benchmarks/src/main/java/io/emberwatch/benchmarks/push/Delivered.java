package io.emberwatch.benchmarks.push;

import io.emberwatch.push.demo.LoadSource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/** Which lines of the simulated sources arrived, each counted once, and how far each partition's sources have come. */
final class Delivered {
    private static final int TIME_DIGITS = 19;
    private static final int SEQUENCE_DIGITS = 9;
    private static final int HOST_BYTES = new LoadSource(0).key().length;
    private static final byte[] HOST = ",host=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEQUENCE = "seq=".getBytes(StandardCharsets.US_ASCII);

    private final Map<String, Source> sources = new HashMap<>(); // guarded by this
    private final long[] newestMillis;
    private long distinct;

    private static final class Source {
        final BitSet seen = new BitSet();
        final int partition;

        Source(int partition) {
            this.partition = partition;
        }
    }

    Delivered(int partitions) {
        newestMillis = new long[partitions];
    }

    /** Takes whole lines. */
    synchronized void take(byte[] lines) {
        int from = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\n') {
                line(lines, from, i);
                from = i + 1;
            }
        }
    }

    private void line(byte[] in, int from, int end) {
        int host = find(HOST, in, from, end);
        int sequence = find(SEQUENCE, in, from, end);
        if (host < 0 || sequence < 0) {
            throw new IllegalArgumentException(new String(in, from, end - from, StandardCharsets.US_ASCII));
        }
        Source source = sources.computeIfAbsent(
                new String(in, host, HOST_BYTES, StandardCharsets.US_ASCII),
                name -> new Source(Utils.toPositive(Utils.murmur2(name.getBytes(StandardCharsets.US_ASCII)))
                        % newestMillis.length));
        int number = (int) decimal(in, sequence, SEQUENCE_DIGITS);
        if (!source.seen.get(number)) {
            source.seen.set(number);
            distinct++;
        }
        long millis = decimal(in, end - TIME_DIGITS, TIME_DIGITS) / 1_000_000;
        newestMillis[source.partition] = Math.max(newestMillis[source.partition], millis);
    }

    private static int find(byte[] what, byte[] in, int from, int end) {
        for (int i = from; i + what.length <= end; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i + what.length;
            }
        }
        return -1;
    }

    private static long decimal(byte[] in, int from, int digits) {
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            value = 10 * value + (in[i] - '0');
        }
        return value;
    }

    /** Lines that arrived, those that came twice counted once. */
    synchronized long distinct() {
        return distinct;
    }

    /** Whether of every partition a line arrived that was made after then. */
    synchronized boolean isPast(long millis) {
        return Arrays.stream(newestMillis).allMatch(newest -> newest > millis);
    }
}
