package io.emberwatch.exporter.metrics;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.service.metrics.Registry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The exporter's own metrics. Each part shows those of its subsystem with its own, so that a scrape that asks for the
 * sensors alone gets the sensors' counters and no others.
 */
public final class ExporterMetrics {
    private static final double MILLIS = 1e3;
    private static final String PREFIX = "emberwatch_exporter_";
    private static final List<String> SUBSYSTEMS = List.of("sensor_", "etcd_", "source_", "textfile_");

    private final CollectorRegistry registry;

    private final Gauge sourceSuccess;
    private final Gauge sourceDuration;
    private final Gauge sourceTimeout;
    private final Counter sourceCpu;
    private final SourceFamilies sourceFamilies;

    private final Counter duplicates;
    private final Counter conflicts;
    private final Counter invalidNames;
    private final Counter dropped;

    private final Counter sensorLines;
    private final Counter sensorDefects;
    private final Counter sensorErrors;
    private final Counter sensorRestarts;
    private final Gauge sensorUp;
    private final Gauge sensorLastLine;

    private final Gauge etcdUp;
    private final Gauge etcdHealthy;
    private final Gauge etcdDuration;
    private final Counter etcdFailures;

    private final Gauge textfileStale;

    private final Gauge reloadSuccessful;
    private final Gauge reloadSuccessTime;

    public ExporterMetrics(CollectorRegistry registry) {
        this.registry = registry;
        sourceSuccess = gauge("source_success", SourceFamilies.SUCCESS, "source");
        sourceDuration = gauge("source_duration_seconds", SourceFamilies.DURATION, "source");
        sourceTimeout = gauge("source_timeout", SourceFamilies.TIMEOUT, "source");
        sourceCpu = counter("source_cpu_seconds_total", SourceFamilies.CPU, "source");
        sourceFamilies = new SourceFamilies(PREFIX + "source_", sourceCpu);

        duplicates = counter(
                "duplicate_samples_total", "Samples replaced by a later one of the same name and labels.", "source");
        conflicts = counter(
                "conflicting_families_total", "Families that came with another type than an earlier one.", "source");
        invalidNames = counter("invalid_names_total", "Names of metrics and labels that were made valid.", "source");
        dropped = counter("dropped_samples_total", "Samples that could not be shown, by reason.", "source", "reason");

        sensorLines = counter("sensor_lines_total", "Lines that a sensor printed, blank ones apart.", "sensor");
        sensorDefects =
                counter("sensor_defects_total", "Lines that showed the known defect and were kept out.", "sensor");
        sensorErrors = counter(
                "sensor_errors_total", "Values and lines of a sensor that could not be used.", "sensor", "error");
        sensorRestarts = counter("sensor_restarts_total", "How often a sensor was started again.", "sensor");
        sensorUp = gauge("sensor_up", "Whether a sensor runs and printed a line lately.", "sensor");
        sensorLastLine = gauge(
                "sensor_last_line_timestamp_seconds", "When a sensor last printed a line, 0 for never.", "sensor");

        etcdUp = gauge("etcd_up", "Whether the metrics of an etcd member could be read.", "cluster", "instance");
        etcdHealthy = gauge("etcd_healthy", "Whether an etcd member calls itself healthy.", "cluster", "instance");
        etcdDuration = gauge(
                "etcd_scrape_duration_seconds", "How long it took to read an etcd member.", "cluster", "instance");
        etcdFailures = counter(
                "etcd_failures_total",
                "Scrapes of an etcd member that failed, by reason.",
                "cluster",
                "instance",
                "reason");

        textfileStale = gauge(
                "textfile_stale",
                "Whether a file cannot be read now, so that what it held before is shown for a while.",
                "file");

        reloadSuccessful = gauge(
                "config_last_reload_successful",
                "Whether the configuration could be used when it was last read; if not, the one before is in use.");
        reloadSuccessTime =
                gauge("config_last_reload_success_timestamp_seconds", "When the configuration in use was read.");
    }

    /** The configuration was read. */
    public void configRead(boolean successful, Instant now) {
        reloadSuccessful.set(successful ? 1 : 0);
        if (successful) {
            reloadSuccessTime.set(now.toEpochMilli() / MILLIS);
        }
    }

    private Gauge gauge(String name, String help, String... labels) {
        return Gauge.build(PREFIX + name, help).labelNames(labels).register(registry);
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.build(PREFIX + name, help).labelNames(labels).register(registry);
    }

    /** What is said of one source. */
    public SourceMetrics source(String name) {
        Map<String, Counter.Child> reasons = new LinkedHashMap<>();
        for (DropReason reason : DropReason.values()) {
            reasons.put(reason.text(), dropped.labels(name, reason.text()));
        }
        return new SourceMetrics(
                sourceSuccess.labels(name),
                sourceDuration.labels(name),
                sourceTimeout.labels(name),
                sourceCpu.labels(name),
                new PageMetrics(duplicates.labels(name), conflicts.labels(name), invalidNames.labels(name), reasons));
    }

    /**
     * What is said of one sensor.
     *
     * @param errors the errors there can be, all shown as 0 from the start
     */
    public SensorMetrics sensor(String name, Collection<String> errors) {
        Map<String, Counter.Child> children = new LinkedHashMap<>();
        errors.forEach(error -> children.put(error, sensorErrors.labels(name, error)));
        return new SensorMetrics(
                sensorLines.labels(name),
                sensorDefects.labels(name),
                sensorRestarts.labels(name),
                sensorUp.labels(name),
                sensorLastLine.labels(name),
                Map.copyOf(children));
    }

    /**
     * What is said of one etcd member.
     *
     * @param reasons the reasons there can be, all shown as 0 from the start
     * @param asksHealth whether there is anything to say of its health
     */
    public MemberMetrics member(String cluster, String instance, Collection<String> reasons, boolean asksHealth) {
        Map<String, Counter.Child> children = new LinkedHashMap<>();
        reasons.forEach(reason -> children.put(reason, etcdFailures.labels(cluster, instance, reason)));
        return new MemberMetrics(
                etcdUp.labels(cluster, instance),
                asksHealth ? etcdHealthy.labels(cluster, instance) : new Gauge.Child(),
                etcdDuration.labels(cluster, instance),
                Map.copyOf(children));
    }

    /** The metrics of the sensors named; there may have been others. */
    public List<MetricFamily> sensorFamilies(Set<String> sensors) {
        return families("sensor_", "sensor", sensors);
    }

    /** The metrics of the members of the etcd clusters named; there may have been others. */
    public List<MetricFamily> etcdFamilies(Set<String> clusters) {
        return families("etcd_", "cluster", clusters);
    }

    private List<MetricFamily> families(String subsystem, String label, Set<String> values) {
        List<MetricFamily> chosen = new ArrayList<>();
        for (MetricFamily family : families(subsystem)) {
            List<MetricPoint> points = family.points().stream()
                    .filter(point -> values.contains(point.key().labels().get(label)))
                    .toList();
            chosen.add(new MetricFamily(family.name(), family.type(), family.help(), family.unit(), points));
        }
        return chosen;
    }

    /** The metrics of text files, of which there are those given and no others. */
    public List<MetricFamily> textfileFamilies(Map<String, Boolean> staleByFile) {
        textfileStale.clear();
        staleByFile.forEach((file, stale) -> textfileStale.labels(file).set(stale ? 1 : 0));
        return families("textfile_");
    }

    /** The metrics of the sources given, whose last run is not this one when another scrape overlapped. */
    public List<MetricFamily> sourceFamilies(Map<String, SourceState> states) {
        return sourceFamilies.of(states);
    }

    /** What became of a source in one scrape. */
    public record SourceState(boolean good, boolean timedOut, double seconds) {}

    /** Everything that belongs to no subsystem: the page itself, and the process where that is registered. */
    public List<MetricFamily> ownFamilies() {
        return families(name -> SUBSYSTEMS.stream().noneMatch(subsystem -> belongsTo(name, subsystem)));
    }

    private List<MetricFamily> families(String subsystem) {
        return families(name -> belongsTo(name, subsystem));
    }

    private List<MetricFamily> families(Predicate<String> wanted) {
        return Registry.families(registry, wanted).stream()
                .sorted(Comparator.comparing(MetricFamily::name))
                .toList();
    }

    private static boolean belongsTo(String name, String subsystem) {
        return name.startsWith(subsystem, PREFIX.length()) && name.startsWith(PREFIX);
    }

    /** Why a sample is not on the page. */
    public enum DropReason {
        /** Another family has its name. */
        CONFLICT("conflict"),
        /** A bucket or quantile whose bound is not a number. */
        INVALID("invalid"),
        /** Its source reported more samples than it may. */
        LIMIT("limit");

        private final String text;

        DropReason(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** The metrics of one source. */
    public record SourceMetrics(
            Gauge.Child success, Gauge.Child duration, Gauge.Child timeout, Counter.Child cpu, PageMetrics page) {}

    /** What had to be mended of a source's metrics to make a valid page. */
    public record PageMetrics(
            Counter.Child duplicates,
            Counter.Child conflicts,
            Counter.Child invalidNames,
            Map<String, Counter.Child> dropped) {
        public void drop(DropReason reason, int samples) {
            Counter.Child child = dropped.get(reason.text());
            if (child != null) {
                child.inc(samples);
            }
        }
    }

    /** The metrics of one sensor. */
    public record SensorMetrics(
            Counter.Child lines,
            Counter.Child defects,
            Counter.Child restarts,
            Gauge.Child up,
            Gauge.Child lastLine,
            Map<String, Counter.Child> errors) {
        public void error(String name) {
            Counter.Child child = errors.get(name);
            if (child != null) {
                child.inc();
            }
        }
    }

    /** The metrics of one etcd member. */
    public record MemberMetrics(
            Gauge.Child up, Gauge.Child healthy, Gauge.Child duration, Map<String, Counter.Child> failures) {
        public void failed(String reason) {
            Counter.Child child = failures.get(reason);
            if (child != null) {
                child.inc();
            }
        }
    }
}
