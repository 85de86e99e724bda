package io.emberwatch.exporter.mapping;

import io.emberwatch.exporter.series.SummaryShape;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping file as statsd_exporter and graphite_exporter read it.
 *
 * @see <a href="https://github.com/prometheus/statsd_exporter#metric-mapping-and-configuration">statsd_exporter</a>
 */
public record MappingConfig(
        @Default("{}") Defaults defaults, @Default("[]") List<Mapping> mappings) {
    public MappingConfig {
        mappings = List.copyOf(mappings);
    }

    /** What holds where a mapping says nothing; {@code timerType}, {@code buckets} and {@code quantiles} are old names. */
    public record Defaults(
            @Nullable ObserverType observerType,
            @Nullable ObserverType timerType,
            @Default("[]") List<Double> buckets,
            @Default("[]") List<Quantile> quantiles,
            @Default("glob") MatchType matchType,
            @Default("false") boolean globDisableOrdering,
            @Default("0s") Duration ttl,
            @Default("{}") HistogramOptions histogramOptions,
            @Default("{}") SummaryOptions summaryOptions) {
        private static final List<Double> BUCKETS = List.of(.005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0);
        private static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.99);

        public Defaults {
            if (observerType == null) {
                observerType = timerType == null ? ObserverType.SUMMARY : timerType;
            }
        }

        List<Double> bucketsOrDefault() {
            if (!histogramOptions.buckets().isEmpty()) {
                return histogramOptions.buckets();
            }
            return buckets.isEmpty() ? BUCKETS : buckets;
        }

        List<Double> quantilesOrDefault() {
            List<Quantile> given = summaryOptions.quantiles().isEmpty() ? quantiles : summaryOptions.quantiles();
            return given.isEmpty()
                    ? QUANTILES
                    : given.stream().map(Quantile::quantile).toList();
        }
    }

    /** Upper bounds; what is said of native histograms is accepted, and classic buckets are shown. */
    public record HistogramOptions(
            @Default("[]") List<Double> buckets,
            @Nullable Double nativeHistogramBucketFactor,
            @Nullable Integer nativeHistogramMaxBuckets) {
        public HistogramOptions {
            buckets = sorted(buckets);
        }
    }

    /** Quantiles and how far back they reach; the sketch keeps within the errors, and {@code bufCap} needs no choice. */
    public record SummaryOptions(
            @Default("[]") List<Quantile> quantiles,
            @Nullable Duration maxAge,
            @Nullable Integer ageBuckets,
            @Nullable Integer bufCap) {
        private static final Duration MAX_AGE = Duration.ofMinutes(10);
        private static final int AGE_BUCKETS = 5;

        SummaryShape shape(Defaults defaults) {
            List<Double> shown = quantiles.isEmpty()
                    ? defaults.quantilesOrDefault()
                    : quantiles.stream().map(Quantile::quantile).toList();
            return shape(shown, defaults);
        }

        SummaryShape shape(List<Double> shown, Defaults defaults) {
            Duration age = given(maxAge, defaults.summaryOptions().maxAge(), MAX_AGE);
            Integer slices = given(ageBuckets, defaults.summaryOptions().ageBuckets(), AGE_BUCKETS);
            return new SummaryShape(shown, age, slices);
        }

        private static <T> T given(@Nullable T own, @Nullable T byDefault, T otherwise) {
            if (own != null) {
                return own;
            }
            return byDefault == null ? otherwise : byDefault;
        }
    }

    /** A quantile and the error it may have. */
    public record Quantile(double quantile, @Default("0.01") double error) {
        public Quantile {
            if (!(quantile >= 0 && quantile <= 1)) {
                throw new IllegalArgumentException("quantile: must be from 0 to 1");
            }
        }
    }

    /** How a mapping matches names. */
    public enum MatchType {
        GLOB,
        REGEX
    }

    /** What is done with a name that matches. */
    public enum Action {
        MAP,
        DROP
    }

    /** What an observation becomes. */
    public enum ObserverType {
        HISTOGRAM,
        SUMMARY
    }

    /** What an event is; {@code timer} is the old name of {@code observer}. */
    public enum EventType {
        COUNTER,
        GAUGE,
        OBSERVER,
        TIMER
    }

    /** One rule; {@code timerType}, {@code buckets} and {@code quantiles} are old names. */
    public record Mapping(
            String match,
            @Nullable MatchType matchType,
            @Nullable EventType matchMetricType,
            @Default("\"\"") String name,
            @Default("{}") Map<String, String> labels,
            @Default("false") boolean honorLabels,
            @Default("map") Action action,
            @Default("\"\"") String help,
            @Nullable Duration ttl,
            @Nullable ObserverType observerType,
            @Nullable ObserverType timerType,
            @Default("[]") List<Double> buckets,
            @Default("[]") List<Quantile> quantiles,
            @Nullable HistogramOptions histogramOptions,
            @Nullable SummaryOptions summaryOptions,
            @Nullable Double scale) {
        private static final String NAME = "([a-zA-Z_]|\\$\\{?[0-9]+\\}?)([a-zA-Z0-9_]|\\$\\{?[0-9]+\\}?)*";

        public Mapping {
            labels = Map.copyOf(labels);
            buckets = sorted(buckets);
            if (observerType == null) {
                observerType = timerType;
            }
            if (name.isEmpty() && action == Action.MAP) {
                throw new IllegalArgumentException("name: a mapping must set the name of the metric");
            }
            if (!name.isEmpty() && !name.matches(NAME)) {
                throw new IllegalArgumentException("name: " + name + " is not the name of a metric");
            }
            for (String label : labels.keySet()) {
                if (!label.matches("[a-zA-Z_][a-zA-Z0-9_]*") || label.equals("__name__")) {
                    throw new IllegalArgumentException("labels: " + label + " is not the name of a label");
                }
            }
            if (summaryOptions != null && !summaryOptions.quantiles().isEmpty() && !quantiles.isEmpty()) {
                throw new IllegalArgumentException("quantiles: are given here and in summary_options");
            }
            if (histogramOptions != null && !histogramOptions.buckets().isEmpty() && !buckets.isEmpty()) {
                throw new IllegalArgumentException("buckets: are given here and in histogram_options");
            }
            if (observerType == ObserverType.HISTOGRAM && summaryOptions != null) {
                throw new IllegalArgumentException("summary_options: the observer is a histogram");
            }
            if (observerType == ObserverType.SUMMARY && histogramOptions != null) {
                throw new IllegalArgumentException("histogram_options: the observer is a summary");
            }
            if (scale != null && !Double.isFinite(scale)) {
                throw new IllegalArgumentException("scale: must be a finite number");
            }
        }
    }

    private static List<Double> sorted(List<Double> bounds) {
        return bounds.stream()
                .filter(bound -> bound != Double.POSITIVE_INFINITY)
                .sorted()
                .distinct()
                .toList();
    }
}
