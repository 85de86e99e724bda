package io.emberwatch.rules.conformance;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.rules.query.SeriesNotation;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.rules.query.SyntaxException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Puts the series of a load command into a source. */
final class Loading {
    private static final List<String> CLASSIC_SUFFIXES = List.of("_bucket", "_count", "_sum");

    private final MemorySource source;

    Loading(MemorySource source) {
        this.source = source;
    }

    void load(Command.Load load) throws ScriptException {
        for (SeriesNotation.Row row : load.rows()) {
            source.add(series(row, load.stepMillis()));
            if (load.customBuckets()) {
                addCustomBuckets(row, load.stepMillis());
            }
        }
        for (Map.Entry<String, String> series : load.unsupported().entrySet()) {
            source.addUnsupported(labels(series.getKey(), load.line()), series.getValue());
        }
    }

    private static Series series(SeriesNotation.Row row, long stepMillis) {
        if (!row.histograms()) {
            return row.toSeries(0, stepMillis);
        }
        double[] values = row.values().clone();
        BitSet present = (BitSet) row.present().clone();
        row.histogramSteps().stream().forEach(i -> {
            values[i] = SeriesSource.NATIVE_HISTOGRAM;
            present.set(i);
        });
        return new SeriesNotation.Row(row.labels(), values, present, new BitSet()).toSeries(0, stepMillis);
    }

    /** A classic histogram is stored as a native one too, under its name without the suffix. */
    private void addCustomBuckets(SeriesNotation.Row row, long stepMillis) {
        String name = row.labels().metricName();
        for (String suffix : CLASSIC_SUFFIXES) {
            if (name.endsWith(suffix)) {
                String stem = name.substring(0, name.length() - suffix.length());
                Labels labels = row.labels().without("le").with(Labels.METRIC_NAME, stem);
                source.add(
                        series(new SeriesNotation.Row(labels, row.values(), new BitSet(), row.present()), stepMillis));
            }
        }
    }

    private static Labels labels(String metric, int line) throws ScriptException {
        try {
            return SeriesNotation.parseLabels(metric.strip());
        } catch (SyntaxException e) {
            throw new ScriptException(line, String.valueOf(e.getMessage()));
        }
    }
}
