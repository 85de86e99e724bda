package io.emberwatch.exporter.textfile;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code *.prom} files of some folders, as node_exporter's textfile collector shows them; but a file that cannot be
 * read, as one that is being written, is shown as it last could be, for up to five minutes, and an empty file counts as
 * one that cannot be read. Files with timestamps are refused.
 */
public final class TextfileSource implements SampleSource {
    private static final Logger logger = LoggerFactory.getLogger("exporter.textfile");
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final long LARGEST = 64L << 20;

    private final List<Path> folders;
    private final InstantSource clock;
    private final Map<Path, Good> last = new HashMap<>();

    public TextfileSource(List<Path> folders, InstantSource clock) {
        this.folders = List.copyOf(folders);
        this.clock = clock;
    }

    private record Good(List<MetricFamily> families, Instant modified, Instant read) {}

    @Override
    public String name() {
        return "textfile";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) {
        List<MetricFamily> families = new ArrayList<>();
        List<MetricPoint> modified = new ArrayList<>();
        boolean failed = false;
        Map<Path, Good> found = new HashMap<>();
        for (Path folder : folders) {
            List<Path> files;
            try (Stream<Path> listed = Files.list(folder)) {
                files = listed.filter(file -> file.toString().endsWith(".prom"))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                logger.atWarn().addKeyValue("folder", folder).log("cannot be listed: " + e.getMessage());
                failed = true;
                continue;
            }
            for (Path file : files) {
                Good good;
                try {
                    good = read(file);
                } catch (IOException | ParseException e) {
                    failed = true;
                    logger.atDebug().addKeyValue("file", file).log("cannot be used: " + e.getMessage());
                    good = kept(file);
                }
                if (good != null) {
                    found.put(file, good);
                    families.addAll(good.families());
                    modified.add(MetricPoint.of(
                            "node_textfile_mtime_seconds",
                            Labels.of("file", file.toString()),
                            good.modified().toEpochMilli() / 1000.0));
                }
            }
        }
        last.clear();
        last.putAll(found);
        families.add(MetricFamily.gauge(
                "node_textfile_scrape_error",
                "1 if there was an error opening or reading a file, 0 otherwise",
                failed ? 1 : 0));
        if (!modified.isEmpty()) {
            families.add(MetricFamily.of(
                    "node_textfile_mtime_seconds",
                    MetricType.GAUGE,
                    "Unixtime mtime of textfiles successfully read.",
                    modified));
        }
        return families;
    }

    private @org.jspecify.annotations.Nullable Good kept(Path file) {
        Good good = last.get(file);
        return good != null && good.read().plus(KEPT).isAfter(clock.instant()) ? good : null;
    }

    private Good read(Path file) throws IOException, ParseException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("is larger than " + LARGEST + " bytes");
        }
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        List<MetricFamily> families =
                ExpositionParser.parseFamilies(Files.readAllBytes(file), TextFormat.PROMETHEUS_0_0_4);
        if (families.isEmpty()) {
            throw new IOException("holds no metrics");
        }
        List<MetricFamily> described = new ArrayList<>();
        for (MetricFamily family : families) {
            if (family.points().stream().anyMatch(MetricPoint::hasTimestamp)) {
                throw new IOException("holds timestamps, which cannot be shown");
            }
            described.add(
                    family.help().isEmpty()
                            ? MetricFamily.of(family.name(), family.type(), "Metric read from " + file, family.points())
                            : family);
        }
        return new Good(described, modified, clock.instant());
    }
}
