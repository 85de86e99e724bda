package io.emberwatch.exporter.statsd;

import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.exporter.series.DecimalReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * Reads lines of StatsD: {@code name[tags]:value|type[|@rate][|#tags][|c:container][|Ttime]}, several samples behind one name,
 * DogStatsD's packed values, events and service checks. Not safe for several threads.
 *
 * <p>A sample taken at a rate counts as {@code 1/rate} samples, at the same cost whatever the rate.
 */
final class StatsdReader implements Receiver {
    private static final int MOST_COMPONENTS = 8;
    private static final int TAGGED = 8;
    private static final byte[] DOG_EVENT = "_e{".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOG_CHECK = "_sc|".getBytes(StandardCharsets.US_ASCII);

    private final StatsdStore store;
    private final StatsdMetrics metrics;
    private final InstantSource clock;
    private final int maxLine;
    private final DecimalReader number = new DecimalReader();
    private final PlainSample plain = new PlainSample();
    private final int[] starts = new int[MOST_COMPONENTS + 2];
    private byte[] key = new byte[256];
    private long nowMillis;
    private long newLines;
    private long newRead;

    StatsdReader(StatsdStore store, StatsdMetrics metrics, InstantSource clock, int maxLine) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
        this.maxLine = maxLine;
    }

    @Override
    public void take(byte[] in, int from, int to) {
        synchronized (store) {
            nowMillis = clock.millis();
            int start = from;
            while (start < to) {
                if (plainLine(in, start, to)) {
                    start = plain.end;
                    continue;
                }
                int end = start;
                while (end < to && in[end] != '\n') {
                    end++;
                }
                int stop = end > start && in[end - 1] == '\r' ? end - 1 : end;
                if (stop > start) {
                    line(in, start, stop);
                }
                start = end + 1;
            }
            metrics.lines.inc(newLines);
            metrics.linesRead.inc(newRead);
            metrics.batches.inc();
            newLines = 0;
            newRead = 0;
            store.publish(nowMillis);
        }
    }

    /** Takes the line at {@code from} if it is plain and its name known; if not, nothing has been done. */
    private boolean plainLine(byte[] in, int from, int to) {
        if (!plain.read(in, from, to) || plain.end - from > maxLine) {
            return false;
        }
        Target target = store.find(in, from, plain.nameEnd, plain.kind.code());
        if (target == null) {
            return false;
        }
        newLines++;
        newRead++;
        store.count(target);
        store.store(target, plain.value, plain.relative, plain.weight, nowMillis);
        return true;
    }

    @Override
    public void lost(Loss loss) {
        metrics.lost(loss);
    }

    private void line(byte[] in, int from, int to) {
        if (to - from > maxLine) {
            lost(Loss.TOO_LONG);
            return;
        }
        newLines++;
        if (in[from] == '_' && isDogLine(in, from, to)) {
            newRead++;
            return;
        }
        int colon = -1;
        int pipe = -1;
        boolean packed = false;
        boolean several = false;
        boolean dogTags = false;
        boolean nameTags = false;
        int high = 0;
        for (int i = from; i < to; i++) {
            byte c = in[i];
            high |= c;
            if (c == ':') {
                if (colon < 0) {
                    colon = i;
                } else if (pipe < 0) {
                    packed = true;
                } else {
                    several = true;
                }
            } else if (c == '|' && colon >= 0) {
                pipe = pipe < 0 ? i : pipe;
                dogTags |= i + 1 < to && in[i + 1] == '#';
            } else if (colon < 0 && (c == '#' || c == ',' || c == '[' || c == ']')) {
                nameTags = true;
            }
        }
        if (colon <= from || (high < 0 && !isUtf8(in, from, to))) {
            metrics.fault(SampleFault.MALFORMED_LINE);
            return;
        }
        if (dogTags && nameTags && hasTags(in, from, colon)) {
            metrics.fault(SampleFault.MIXED_TAGGING_STYLES);
            return;
        }
        if (pipe < 0) {
            metrics.fault(SampleFault.NOT_ENOUGH_PARTS_AFTER_COLON);
            return;
        }
        if (packed) {
            packedSamples(in, from, colon, pipe, to);
        } else if (dogTags || !several) {
            newRead++;
            sample(in, from, colon, colon + 1, pipe, pipe, to);
        } else {
            newRead++;
            severalSamples(in, from, colon, to);
        }
    }

    private boolean hasTags(byte[] in, int from, int colon) {
        return !EventName.read(text(in, from, colon), "", "", store.tagStyles())
                .tags()
                .isEmpty();
    }

    private static boolean isUtf8(byte[] in, int from, int to) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in, from, to - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Values packed before one type: {@code name:1:2:3|ms}. */
    private void packedSamples(byte[] in, int from, int colon, int pipe, int to) {
        int typeEnd = pipe + 1;
        while (typeEnd < to && in[typeEnd] != '|') {
            typeEnd++;
        }
        EventKind kind = EventKind.of(in, pipe + 1, typeEnd);
        if (kind == null || !kind.isObserver()) {
            metrics.fault(SampleFault.INVALID_EXTENDED_AGGREGATE_TYPE);
            return;
        }
        newRead++;
        int valueFrom = colon + 1;
        for (int i = valueFrom; i <= pipe; i++) {
            if (i == pipe || in[i] == ':') {
                sample(in, from, colon, valueFrom, i, pipe, to);
                valueFrom = i + 1;
            }
        }
    }

    /** Samples one after another: {@code name:1|c:2|c}. */
    private void severalSamples(byte[] in, int from, int colon, int to) {
        int start = colon + 1;
        int pipes = 0;
        int firstPipe = -1;
        for (int i = start; i <= to; i++) {
            if (i == to || (in[i] == ':' && !isContainerId(in, i, pipes))) {
                sample(in, from, colon, start, firstPipe < 0 ? i : firstPipe, firstPipe < 0 ? i : firstPipe, i);
                start = i + 1;
                pipes = 0;
                firstPipe = -1;
            } else if (in[i] == '|') {
                pipes++;
                firstPipe = firstPipe < 0 ? i : firstPipe;
            }
        }
    }

    // The colon of |c:ID belongs to it; that of a counter's type, the first component, does not.
    private static boolean isContainerId(byte[] in, int colon, int pipes) {
        return pipes >= 2 && in[colon - 1] == 'c' && in[colon - 2] == '|';
    }

    /**
     * One sample.
     *
     * @param pipe where its components begin; {@code to} when it has none
     */
    private void sample(byte[] in, int nameFrom, int nameTo, int valueFrom, int valueTo, int pipe, int to) {
        int count = 0;
        for (int i = pipe; i < to; i++) {
            if (in[i] == '|') {
                if (count > MOST_COMPONENTS) {
                    break;
                }
                starts[count++] = i + 1;
            }
        }
        if (count < 1 || count >= MOST_COMPONENTS) {
            fault(SampleFault.MALFORMED_COMPONENT);
            return;
        }
        starts[count] = to + 1;
        EventKind kind = EventKind.of(in, starts[0], starts[1] - 1);
        boolean isNumber = kind != EventKind.SET && number.read(in, valueFrom, valueTo);
        if (!isNumber && kind != EventKind.SET) {
            fault(SampleFault.MALFORMED_VALUE);
            return;
        }
        double value = number.value();
        double rate = 1;
        int tagsAt = -1;
        int containerAt = -1;
        for (int i = 1; i < count; i++) {
            if (starts[i + 1] - 1 == starts[i]) {
                fault(SampleFault.MALFORMED_COMPONENT);
                return;
            }
        }
        for (int i = 1; i < count; i++) {
            int at = starts[i];
            int end = starts[i + 1] - 1;
            SampleFault wrong = null;
            switch (in[at]) {
                case '@' -> rate = rate(in, at + 1, end);
                case '#' -> tagsAt = i;
                case 'c' -> {
                    containerAt = i;
                    wrong = end - at > 2 && in[at + 1] == ':' ? null : SampleFault.MALFORMED_CONTAINER_ID;
                }
                case 'T' -> wrong = isInteger(in, at + 1, end) ? null : SampleFault.MALFORMED_TIMESTAMP;
                default -> wrong = SampleFault.INVALID_SAMPLE_FACTOR;
            }
            if (wrong != null) {
                fault(wrong);
                return;
            }
        }
        if (kind == null) {
            fault(SampleFault.ILLEGAL_EVENT);
            return;
        }
        boolean relative = kind == EventKind.GAUGE && (in[valueFrom] == '+' || in[valueFrom] == '-');
        if (isNumber && !Double.isFinite(value) && (kind != EventKind.GAUGE || relative)) {
            fault(SampleFault.MALFORMED_VALUE);
            return;
        }
        Target target = target(in, nameFrom, nameTo, kind, tagsAt, containerAt);
        store.count(target);
        if (kind == EventKind.SET) {
            store.storeMember(target, in, valueFrom, valueTo, nowMillis);
        } else {
            store.store(target, value, relative, kind == EventKind.GAUGE ? 1 : 1 / rate, nowMillis);
        }
    }

    private void fault(SampleFault fault) {
        store.count(null);
        metrics.fault(fault);
    }

    private double rate(byte[] in, int from, int to) {
        if (!number.read(in, from, to)) {
            metrics.warn(SampleFault.INVALID_SAMPLE_FACTOR);
            return 1;
        }
        double rate = number.value();
        if (rate == 0) {
            return 1;
        }
        if (!(rate > 0) || Double.isInfinite(rate) || Double.isInfinite(1 / rate)) {
            metrics.warn(SampleFault.INVALID_SAMPLE_FACTOR);
            return 1;
        }
        return rate;
    }

    private static boolean isInteger(byte[] in, int from, int to) {
        int i = from < to && (in[from] == '-' || in[from] == '+') ? from + 1 : from;
        if (i == to || to - i > 18) {
            return false;
        }
        for (; i < to; i++) {
            if (in[i] < '0' || in[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private Target target(byte[] in, int nameFrom, int nameTo, EventKind kind, int tagsAt, int containerAt) {
        if (tagsAt < 0 && containerAt < 0) {
            Target found = store.find(in, nameFrom, nameTo, kind.code());
            return found != null
                    ? found
                    : store.resolve(
                            EventName.read(text(in, nameFrom, nameTo), "", "", store.tagStyles()),
                            kind,
                            in,
                            nameFrom,
                            nameTo,
                            kind.code());
        }
        int length = append(in, nameFrom, nameTo, 0);
        length = appendComponent(in, tagsAt, length);
        length = appendComponent(in, containerAt, length);
        Target found = store.find(key, 0, length, TAGGED | kind.code());
        if (found != null) {
            return found;
        }
        String tags = tagsAt < 0 ? "" : text(in, starts[tagsAt] + 1, starts[tagsAt + 1] - 1);
        String container = containerAt < 0 ? "" : text(in, starts[containerAt] + 2, starts[containerAt + 1] - 1);
        return store.resolve(
                EventName.read(text(in, nameFrom, nameTo), tags, container, store.tagStyles()),
                kind,
                key,
                0,
                length,
                TAGGED | kind.code());
    }

    private int appendComponent(byte[] in, int component, int length) {
        if (component < 0) {
            return append(in, 0, 0, length);
        }
        return append(in, starts[component], starts[component + 1] - 1, length);
    }

    // A line feed cannot stand in a name or tag, so it parts them.
    private int append(byte[] in, int from, int to, int length) {
        int after = length + to - from + 1;
        if (after > key.length) {
            key = Arrays.copyOf(key, 2 * after);
        }
        System.arraycopy(in, from, key, length, to - from);
        key[after - 1] = '\n';
        return after;
    }

    private boolean isDogLine(byte[] in, int from, int to) {
        if (startsWith(in, from, to, DOG_EVENT)) {
            DogMessages.event(text(in, from, to), metrics);
            return true;
        }
        if (startsWith(in, from, to, DOG_CHECK)) {
            DogMessages.serviceCheck(text(in, from, to), store, metrics, nowMillis);
            return true;
        }
        return false;
    }

    private static boolean startsWith(byte[] in, int from, int to, byte[] prefix) {
        return to - from >= prefix.length && Arrays.equals(in, from, from + prefix.length, prefix, 0, prefix.length);
    }

    private static String text(byte[] in, int from, int to) {
        return new String(in, from, to - from, StandardCharsets.UTF_8);
    }
}
