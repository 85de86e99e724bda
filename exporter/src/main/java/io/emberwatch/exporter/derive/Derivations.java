package io.emberwatch.exporter.derive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.emberwatch.exporter.tail.pattern.LinePattern;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes rates, increments and fewer values of a stream of samples, in the way of the O2 Monitoring library.
 *
 * <p>Unlike there, series are told apart by all of their labels, and no time between two samples makes no rate. Bounded:
 * {@value #MOST_SERIES} series are remembered; those beyond pass as they are.
 *
 * @see <a href="https://github.com/AliceO2Group/Monitoring">O2 Monitoring library</a>
 *
 * <p>Not safe for several threads.
 */
public final class Derivations {
    static final int MOST_SERIES = 100_000;
    private static final double MILLIS = 1e3;

    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, List<Rule>> byName = new HashMap<>();

    public Derivations(List<DeriveConfig> configs) {
        configs.forEach(config -> rules.add(new Rule(config)));
    }

    /** What becomes of a sample: itself unless it is left out, and what is derived from it; of these the first is
     * itself when it is shown.
     *
     * @param nowMillis when the value was read
     */
    public List<MetricPoint> apply(MetricPoint point, long nowMillis) {
        List<Rule> matching = byName.size() < MOST_SERIES
                ? byName.computeIfAbsent(point.key().name(), this::matching)
                : matching(point.key().name());
        if (matching.isEmpty()) {
            return List.of(point);
        }
        List<MetricPoint> result = new ArrayList<>();
        boolean shown = true;
        for (Rule rule : matching) {
            Last last = rule.last.get(point.key());
            if (last == null && rule.last.size() >= MOST_SERIES) {
                continue;
            }
            switch (rule.config.mode()) {
                case RATE -> result.add(rule.rate(point, last, nowMillis));
                case INCREMENT -> result.add(rule.increment(point, last, nowMillis));
                case SUPPRESS -> shown &= rule.changed(point, last, nowMillis);
            }
        }
        result.removeIf(derived -> Double.isNaN(derived.value()));
        if (shown) {
            result.add(0, point);
        }
        return result;
    }

    private List<Rule> matching(String name) {
        byte[] bytes = name.getBytes(UTF_8);
        return rules.stream().filter(rule -> rule.matches(bytes)).toList();
    }

    private record Last(double value, double sum, long atMillis) {}

    private static final class Rule {
        private final DeriveConfig config;
        private final LinePattern pattern;
        private final int[] places;
        private final Map<SeriesKey, Last> last = new HashMap<>();

        Rule(DeriveConfig config) {
            this.config = config;
            pattern = LinePattern.compile("^(?:" + config.match() + ")$");
            places = new int[pattern.slots()];
        }

        boolean matches(byte[] name) {
            return pattern.find(name, 0, name.length, places);
        }

        // The first is 0, and so is one that would fall because the source began anew with 0.
        MetricPoint rate(MetricPoint point, @Nullable Last before, long now) {
            last.put(point.key(), new Last(point.value(), 0, now));
            double rate = 0;
            if (before != null) {
                long elapsed = now - before.atMillis;
                rate = elapsed <= 0 ? Double.NaN : MILLIS * (point.value() - before.value) / elapsed;
                rate = rate < 0 && point.value() == 0 ? 0 : rate;
            }
            return named(point, "_rate", rate);
        }

        MetricPoint increment(MetricPoint point, @Nullable Last before, long now) {
            double sum = point.value() + (before == null ? 0 : before.sum);
            last.put(point.key(), new Last(point.value(), sum, now));
            return named(point, "_increment", sum);
        }

        boolean changed(MetricPoint point, @Nullable Last before, long now) {
            boolean due = before == null
                    || Double.compare(before.value, point.value()) != 0
                    || now - before.atMillis >= config.atLeastEvery().toMillis()
                    || now < before.atMillis;
            if (due) {
                last.put(point.key(), new Last(point.value(), 0, now));
            }
            return due;
        }

        private static MetricPoint named(MetricPoint point, String suffix, double value) {
            return new MetricPoint(
                    SeriesKey.of(point.key().name() + suffix, point.key().labels()), value, point.timestampMillis());
        }
    }
}
