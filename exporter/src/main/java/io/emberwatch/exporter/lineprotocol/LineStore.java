package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.lineprotocol.InfluxMetrics.ListenerCounts;
import io.emberwatch.exporter.series.Admission;
import io.emberwatch.exporter.series.RawIndex;
import io.emberwatch.exporter.series.Refusal;
import io.emberwatch.exporter.series.SeriesLimits;
import io.emberwatch.exporter.series.SeriesTable;
import io.emberwatch.exporter.series.ValueSeries;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.line.FieldKind;
import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.LineScanner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest value of every field of every series of line protocol.
 *
 * <p>A series is known again by the very bytes of its measurement and tags, so that a line costs one look-up and neither
 * names nor tags are made again. Not safe for several threads: whoever stores holds the store's own monitor.
 */
final class LineStore {
    private static final String HELP = "InfluxDB Metric";
    private static final int LONGEST_KEY = 512;
    private static final int MOST_LAYOUTS = 10_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SeriesTable table;
    private final RawIndex<LineSeries> index;
    private final Map<String, FieldLayout> layouts = new HashMap<>();
    private final long ttlMillis;
    private final boolean timestamps;
    private final Lookahead ahead = new Lookahead();
    private final List<LineSeries> unsettled = new ArrayList<>();
    private long version;
    private long sweptGeneration;

    /**
     * @param ttlMillis how long a series stays without a sample; 0 for ever
     * @param timestamps whether the page shows the times that lines come with
     */
    LineStore(SeriesLimits limits, long ttlMillis, boolean timestamps) {
        this.table = new SeriesTable(limits);
        this.index = new RawIndex<>(limits.series() + 1024, LONGEST_KEY);
        this.ttlMillis = ttlMillis;
        this.timestamps = timestamps;
    }

    /**
     * Stores the line that the scanner stands on; it must be without fault.
     *
     * @param timestampNanos the line's time; only looked at when it has one
     */
    void store(LineScanner line, long timestampNanos, long nowMillis, ListenerCounts counts) {
        byte[] in = line.input();
        LineSeries series = index.find(in, line.lineStart(), line.seriesEnd(), 0);
        boolean known = series != null;
        if (series == null) {
            series = new LineSeries(
                    LineDecoder.measurement(in, line.measurementStart(), line.measurementEnd()),
                    InfluxNames.labels(line));
        }
        boolean settled = series.fresh == 0;
        series.touchedMillis = nowMillis;
        series.version = ++version;
        series.timestampMillis = timestamps && line.hasTimestamp()
                ? Math.floorDiv(timestampNanos, NANOS_PER_MILLI)
                : MetricPoint.NO_TIMESTAMP;
        if (series.generation != table.generation()) {
            series.generation = table.generation();
            series.live = 0;
        }
        int count = line.fieldCount();
        int expected = 0;
        int stored = 0;
        for (int field = 0; field < count; field++) {
            FieldKind kind = line.fieldKind(field);
            if (kind == FieldKind.STRING) {
                counts.newStrings++;
                continue;
            }
            int from = line.fieldKeyStart(field);
            int to = line.fieldKeyEnd(field);
            int at = series.layout.has(expected, in, from, to) ? expected : place(series, in, from, to);
            expected = at + 1;
            double value = LineDecoder.number(in, line.fieldValueStart(field), line.fieldValueEnd(field), kind);
            long bit = at >= 0 && at < Long.SIZE ? 1L << at : 0;
            if ((series.live & bit) != 0) {
                series.values[at] = value;
                series.fresh |= bit;
                stored++;
            } else if (storeSlowly(series, at, bit, value, counts, line, field)) {
                stored++;
            }
        }
        if (!known) {
            series.settle();
        } else if (settled && series.fresh != 0) {
            unsettled.add(series);
        }
        counts.newLines++;
        counts.newValues += count;
        counts.newValuesStored += stored;
        if (stored > 0) {
            counts.newStored++;
            if (!known) {
                remember(series, in, line.lineStart(), line.seriesEnd());
            }
        } else {
            counts.newUnusable++;
        }
    }

    /**
     * Stores the line at {@code from} if it is like one before it.
     *
     * @return whether it was; if not, nothing has been done
     */
    boolean storeKnown(
            KnownLine line, byte[] in, int from, int to, int maxLine, long nowMillis, ListenerCounts counts) {
        LineSeries series = lookUp(line, in, from, to);
        if (series == null
                || series.generation != table.generation()
                || !line.read(series)
                || line.end - from > maxLine) {
            return false;
        }
        if (series.fresh == 0) {
            unsettled.add(series);
        }
        int count = line.fieldCount;
        System.arraycopy(line.values, 0, series.values, 0, count);
        series.fresh |= -1L >>> (Long.SIZE - count);
        series.touchedMillis = nowMillis;
        series.version = ++version;
        series.timestampMillis =
                timestamps && line.hasTimestamp ? line.timestamp / NANOS_PER_MILLI : MetricPoint.NO_TIMESTAMP;
        counts.newLines++;
        counts.newStored++;
        counts.newValues += count;
        counts.newValuesStored += count;
        return true;
    }

    private @Nullable LineSeries lookUp(KnownLine line, byte[] in, int from, int to) {
        if (!ahead.has(from)) {
            ahead.fill(line, index, in, from, to);
        }
        if (ahead.has(from)) {
            LineSeries series = ahead.series();
            line.resume(in, ahead.seriesEnd(), to);
            ahead.advance();
            if (series != null) {
                return series;
            }
        } else if (!line.begin(in, from, to)) {
            return null;
        }
        // It may have become known since; one that looks up for itself finds it.
        return index.find(in, from, line.seriesEnd, 0);
    }

    private void remember(LineSeries series, byte[] in, int from, int to) {
        int clearings = index.clearings();
        series.key = index.put(in, from, to, 0, series);
        if (index.clearings() != clearings) {
            ahead.removeIf(any -> true);
        }
        if (series.key.length > 0) {
            ahead.add(series);
        }
    }

    /** What is given from now on is another text. */
    void begin() {
        ahead.clear();
    }

    private boolean storeSlowly(
            LineSeries series, int at, long bit, double value, ListenerCounts counts, LineScanner line, int field) {
        if (at < 0) {
            counts.refused(Refusal.METRIC_LIMIT);
            return false;
        }
        ValueSeries admitted = series.field(at);
        if (admitted == null) {
            admitted = admit(series, at, line.input(), line.fieldKeyStart(field), line.fieldKeyEnd(field), counts);
        }
        if (admitted == null) {
            return false;
        }
        if (bit == 0) {
            admitted.setIfNewer(value, series.version, series.touchedMillis, series.timestampMillis);
        } else {
            series.live |= bit;
            series.values[at] = value;
            series.fresh |= bit;
        }
        return true;
    }

    /** Hands all new values to the table. */
    private void settle() {
        for (LineSeries series : unsettled) {
            series.settle();
        }
        unsettled.clear();
    }

    /** Where the series keeps a field that is not where it was expected; -1 when it keeps no more. */
    private int place(LineSeries series, byte[] in, int from, int to) {
        int found = series.layout.find(in, from, to);
        if (found >= 0 || !series.hasRoom()) {
            return found;
        }
        FieldLayout wider = series.layout.with(in, from, to);
        if (layouts.size() >= MOST_LAYOUTS) {
            layouts.clear();
        }
        series.layout = layouts.computeIfAbsent(wider.text(), text -> wider);
        series.fit();
        return series.layout.size() - 1;
    }

    private @Nullable ValueSeries admit(LineSeries series, int at, byte[] in, int from, int to, ListenerCounts counts) {
        Refusal before = series.refusal(at, table.generation());
        if (before != null) {
            counts.refused(before);
            return null;
        }
        String name = InfluxNames.metric(series.measurement, LineDecoder.key(in, from, to));
        Admission admission = table.value(name, MetricType.UNKNOWN, HELP, series.labels, ttlMillis);
        if (admission.series() instanceof ValueSeries admitted) {
            series.admit(at, admitted);
            return admitted;
        }
        Refusal refusal = admission.refusal() == null ? Refusal.CONFLICT : admission.refusal();
        series.refuse(at, refusal, table.generation());
        counts.refused(refusal);
        return null;
    }

    /** Removes series whose time is over. */
    void expire(long nowMillis) {
        settle();
        if (ttlMillis > 0) {
            table.expire(nowMillis);
            if (table.generation() != sweptGeneration) {
                sweptGeneration = table.generation();
                index.removeIf(series -> nowMillis - series.touchedMillis > ttlMillis);
                ahead.removeIf(series -> nowMillis - series.touchedMillis > ttlMillis);
            }
        }
    }

    int series() {
        return table.lines();
    }

    long expired() {
        return table.expired();
    }

    List<MetricFamily> families(long nowMillis) {
        settle();
        return table.families(nowMillis);
    }

    /** The value of one series, or NaN. */
    double value(String name, Labels labels) {
        settle();
        return table.find(name, labels) instanceof ValueSeries value ? value.value() : Double.NaN;
    }
}
