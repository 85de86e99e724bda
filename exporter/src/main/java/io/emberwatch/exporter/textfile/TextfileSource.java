package io.emberwatch.exporter.textfile;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.scrape.Explainer;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.exporter.textfile.PromFile.Content;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Metrics from files {@code *.prom}, with the metrics of node_exporter's textfile collector about them.
 *
 * <p>As there: a file with timestamps or a fault is refused as a whole and the others still count; a metric without help
 * is helped with "Metric read from"; of two help texts the first one holds and is a fault; a file's time of writing is only
 * shown while it can be read. Otherwise than there, a file that cannot be read keeps what it held.
 */
public final class TextfileSource implements SampleSource, Part, Explainer {
    private static final double MILLIS = 1e3;
    private static final int MAX_FILES = 10_000;
    private static final String MTIME = "node_textfile_mtime_seconds";

    private final TextfileConfig config;
    private final InstantSource clock;
    private final ExporterMetrics metrics;
    private final Map<Path, PromFile> files = new TreeMap<>();

    public TextfileSource(TextfileConfig config, InstantSource clock, ExporterMetrics metrics) {
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "textfile";
    }

    @Override
    public List<Source> sources() {
        return List.of(Source.of(this));
    }

    @Override
    public void close() {
        // Files are open only while they are read.
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) {
        long now = clock.millis();
        boolean fault = look(now);
        Map<String, Draft> drafts = new LinkedHashMap<>();
        List<MetricPoint> times = new ArrayList<>();
        Map<String, Boolean> stale = new LinkedHashMap<>();
        for (PromFile file : files.values()) {
            Labels labels = Labels.of("file", file.path().toString());
            fault |= !file.isGood();
            stale.put(file.path().toString(), !file.isGood());
            Content content = file.content(now, config.keepLastGood().toMillis());
            if (content != null) {
                if (file.isGood()) {
                    times.add(MetricPoint.of(MTIME, labels, content.modifiedMillis() / MILLIS));
                }
                for (MetricFamily family : content.families()) {
                    fault |= !drafts.computeIfAbsent(family.name(), name -> new Draft(family))
                            .add(family, file.path());
                }
            }
        }
        List<MetricFamily> families = new ArrayList<>();
        drafts.values().forEach(draft -> families.add(draft.done()));
        families.add(MetricFamily.of(MTIME, MetricType.GAUGE, "Unixtime mtime of textfiles successfully read.", times));
        families.add(MetricFamily.gauge(
                "node_textfile_scrape_error",
                "1 if there was an error opening or reading a file, 0 otherwise",
                fault ? 1 : 0));
        families.addAll(metrics.textfileFamilies(stale));
        return families;
    }

    /** Of a file, or of the name of a metric in files: whether it can be read, and why not. */
    @Override
    public synchronized List<String> explain(String text) {
        int brace = text.indexOf('{');
        String name = brace < 0 ? text : text.substring(0, brace);
        look(clock.millis());
        List<String> lines = new ArrayList<>();
        for (PromFile file : files.values()) {
            String path = file.path().toString();
            Content content = file.content(clock.millis(), config.keepLastGood().toMillis());
            boolean holds = content != null
                    && content.families().stream()
                            .anyMatch(family -> family.name().equals(name));
            if (holds || path.equals(text) || path.endsWith('/' + text)) {
                String state = content == null
                        ? "nothing of it is shown"
                        : content.families().size() + " metrics of it are shown";
                lines.add("textfile " + path + ": " + state
                        + (file.isGood() ? "" : "; it cannot be read now: " + file.trouble()));
            }
        }
        return lines;
    }

    /** Looks for files and at them; whether a folder could not be read. */
    private boolean look(long now) {
        TreeSet<Path> found = new TreeSet<>();
        boolean fault = false;
        for (String directory : config.directories()) {
            try {
                for (Path folder : folders(Path.of(directory))) {
                    fault |= !list(folder, "*.prom", found);
                }
            } catch (IOException e) {
                fault = true;
            }
        }
        files.keySet().retainAll(found);
        for (Path path : found) {
            files.computeIfAbsent(path, p -> new PromFile(p, config.maxFile().bytes()))
                    .refresh(now);
        }
        return fault;
    }

    private static Collection<Path> folders(Path directory) throws IOException {
        Path name = directory.getFileName();
        Path parent = directory.toAbsolutePath().getParent();
        if (name == null || parent == null || !name.toString().matches(".*[*?\\[{].*")) {
            return List.of(directory);
        }
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> matching = Files.newDirectoryStream(parent, name.toString())) {
            for (Path folder : matching) {
                if (Files.isDirectory(folder)) {
                    folders.add(folder);
                }
            }
        }
        return folders;
    }

    private static boolean list(Path folder, String glob, Collection<Path> found) {
        try (DirectoryStream<Path> matching = Files.newDirectoryStream(folder, glob)) {
            for (Path file : matching) {
                if (found.size() < MAX_FILES && !Files.isDirectory(file)) {
                    found.add(file);
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A family that may come from several files. */
    private static final class Draft {
        private final MetricFamily first;
        private final List<MetricPoint> points = new ArrayList<>();
        private final List<String> paths = new ArrayList<>();

        Draft(MetricFamily first) {
            this.first = first;
        }

        /** Whether the family agrees with those before it; if not, its samples count all the same. */
        boolean add(MetricFamily family, Path file) {
            points.addAll(family.points());
            paths.add(file.toString());
            return family.type() == first.type() && family.help().equals(first.help());
        }

        MetricFamily done() {
            String help = first.help().isEmpty() ? "Metric read from " + String.join(", ", paths) : first.help();
            return new MetricFamily(first.name(), first.type(), help, first.unit(), points);
        }
    }
}
