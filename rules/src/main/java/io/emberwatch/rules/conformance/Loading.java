package io.emberwatch.rules.conformance;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.SeriesNotation;
import io.emberwatch.rules.query.SyntaxException;
import java.util.List;
import java.util.Map;

/** Puts the series of a load command into a source. */
final class Loading {
    private static final String NATIVE = "native histogram";
    private static final List<String> CLASSIC_SUFFIXES = List.of("_bucket", "_count", "_sum");

    private final MemorySource source;

    Loading(MemorySource source) {
        this.source = source;
    }

    void load(Command.Load load) throws ScriptException {
        for (SeriesNotation.Row row : load.rows()) {
            source.add(row.toSeries(0, load.stepMillis()));
            if (row.histograms()) {
                source.addUnsupported(row.labels(), NATIVE);
            }
            if (load.customBuckets()) {
                addCustomBuckets(row.labels());
            }
        }
        for (Map.Entry<String, String> series : load.unsupported().entrySet()) {
            source.addUnsupported(labels(series.getKey(), load.line()), series.getValue());
        }
    }

    /** A classic histogram is stored as a native one too, under its name without the suffix. */
    private void addCustomBuckets(Labels labels) {
        for (String suffix : CLASSIC_SUFFIXES) {
            String name = labels.metricName();
            if (name.endsWith(suffix)) {
                String stem = name.substring(0, name.length() - suffix.length());
                source.addUnsupported(labels.without("le").with(Labels.METRIC_NAME, stem), NATIVE);
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
