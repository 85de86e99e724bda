package io.emberwatch.exporter.derive;

import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A source with what is derived of its counters, gauges and untyped metrics. Histograms and summaries stay as they are.
 *
 * <p>Rates are those between two readings, whoever reads. Readings that follow the last by less than {@value #LEAST_MILLIS}
 * ms, as those of two scrapers that ask at once, change nothing and show what the last one showed.
 */
public final class DerivedSource implements SampleSource {
    static final long LEAST_MILLIS = 100;

    private final SampleSource of;
    private final List<DeriveConfig> rules;
    private final InstantSource clock;
    private final Derivations derivations;
    private List<MetricFamily> last = List.of();
    private long readAt;
    private boolean hasRead;

    private DerivedSource(SampleSource of, List<DeriveConfig> rules, InstantSource clock) {
        this.of = of;
        this.rules = rules;
        this.clock = clock;
        derivations = new Derivations(rules);
    }

    /** The source itself, or what is derived of it when the configuration wants that. */
    public static Source of(Source source, List<PageDerivation> wanted, InstantSource clock) {
        List<DeriveConfig> rules = wanted.stream()
                .filter(one -> one.sources().isEmpty() || one.sources().stream().anyMatch(source::answersTo))
                .flatMap(one -> one.rules().stream())
                .toList();
        return rules.isEmpty()
                ? source
                : new Source(source.name(), source.group(), new DerivedSource(source.samples(), rules, clock));
    }

    @Override
    public String name() {
        return of.name();
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> read = of.collect(deadline);
        synchronized (this) {
            long now = clock.millis();
            boolean soon = hasRead && now >= readAt && now - readAt < LEAST_MILLIS;
            if (!soon) {
                last = derive(read, now);
                readAt = now;
                hasRead = true;
            }
            return last;
        }
    }

    private List<MetricFamily> derive(List<MetricFamily> read, long now) {
        List<MetricFamily> families = new ArrayList<>();
        Map<String, List<MetricPoint>> derived = new LinkedHashMap<>();
        for (MetricFamily family : read) {
            if (!isPlain(family.type())) {
                families.add(family);
                continue;
            }
            List<MetricPoint> shown = new ArrayList<>();
            for (MetricPoint point : family.points()) {
                for (MetricPoint made : derivations.apply(point, now)) {
                    if (made.key().equals(point.key())) {
                        shown.add(made);
                    } else {
                        derived.computeIfAbsent(made.key().name(), name -> new ArrayList<>())
                                .add(made);
                    }
                }
            }
            if (!shown.isEmpty()) {
                families.add(new MetricFamily(family.name(), family.type(), family.help(), family.unit(), shown));
            }
        }
        derived.forEach((name, points) -> families.add(MetricFamily.of(name, MetricType.GAUGE, help(name), points)));
        return families;
    }

    private static boolean isPlain(MetricType type) {
        return Arrays.asList(MetricType.COUNTER, MetricType.GAUGE, MetricType.UNKNOWN)
                .contains(type);
    }

    private static String help(String name) {
        int sign = name.lastIndexOf('_');
        String base = name.substring(0, sign);
        return name.endsWith("_rate")
                ? "Change of " + base + " per second between two readings."
                : "Sum of all readings of " + base + ".";
    }

    /** The same source derived of in the same way, so that a reload keeps what it has seen. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DerivedSource that && of.equals(that.of) && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return Objects.hash(of, rules);
    }
}
