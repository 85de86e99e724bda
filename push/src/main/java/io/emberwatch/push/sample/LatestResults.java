package io.emberwatch.push.sample;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The latest value of so many series at most, those that came last; for a page that Prometheus reads. */
public final class LatestResults {
    private final int most;
    private final LineSamples lines = new LineSamples(); // guarded by this
    private final LinkedHashMap<Labels, Sample> latest = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

    /** @param most series held; 0 for none */
    public LatestResults(int most) {
        this.most = most;
    }

    /** Takes lines. */
    public synchronized void take(byte[] text) {
        if (most == 0) {
            return;
        }
        List<Sample> samples = new ArrayList<>();
        lines.read(text, 0, samples);
        for (Sample sample : samples) {
            Sample before = latest.get(sample.labels());
            if (before == null || before.timestampMillis() <= sample.timestampMillis()) {
                latest.put(sample.labels(), sample);
            }
        }
        while (latest.size() > most) {
            latest.remove(latest.keySet().iterator().next());
        }
    }

    /**
     * Gauges, without times: a page tells what is.
     *
     * @param oldestMillis what is older than this is left out and forgotten
     */
    public synchronized List<MetricFamily> families(long oldestMillis) {
        latest.values().removeIf(sample -> sample.timestampMillis() < oldestMillis);
        Map<String, List<MetricPoint>> byName = new TreeMap<>();
        for (Sample sample : latest.values()) {
            String name = sample.labels().metricName();
            byName.computeIfAbsent(name, ignored -> new ArrayList<>())
                    .add(MetricPoint.of(name, sample.labels().withoutName(), sample.value()));
        }
        List<MetricFamily> families = new ArrayList<>();
        byName.forEach((name, points) ->
                families.add(MetricFamily.of(name, MetricType.GAUGE, "The latest result of the Aggregator.", points)));
        return families;
    }
}
