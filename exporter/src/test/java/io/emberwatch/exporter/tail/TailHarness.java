package io.emberwatch.exporter.tail;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One tail over files of a test, under a manual clock; it can be stopped and started like the program. */
final class TailHarness implements AutoCloseable {
    final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T08:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final Path data;
    private final TailConfig config;
    private CollectorRegistry registry = new CollectorRegistry();
    private TailPart part;

    /** @param yaml the tail without its name */
    TailHarness(Path data, String yaml) {
        this.data = data;
        config = config(yaml);
    }

    static TailConfig config(String yaml) {
        try {
            return ConfigReader.parse("tail.yml", "name: test\n" + yaml, TailConfig.class);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    TailHarness start() throws IOException {
        registry = new CollectorRegistry();
        part = new TailPart(List.of(config), new ServiceContext(clock, scheduler, data, data), registry);
        part.start();
        return this;
    }

    /** Lets time pass, so that files are looked at. */
    TailHarness pass(Duration time) {
        scheduler.advance(time);
        return this;
    }

    TailHarness look() {
        return pass(Duration.ofMillis(250));
    }

    void stop() {
        part.close();
    }

    /** Ends without saving, as far as one process can do that to itself: what was not saved is lost. */
    void forget() {
        part = null;
    }

    List<String> explain(String record) {
        return part.explain(record);
    }

    String page() throws IOException {
        List<MetricFamily> families = part.sources().get(0).samples().collect(Deadline.after(Duration.ofSeconds(5)));
        return ExpositionWriter.toText(families, TextFormat.PROMETHEUS_0_0_4);
    }

    /** The value of a sample line of the page, or -1. */
    double value(String series) throws IOException {
        return value(page(), series);
    }

    /** The value of one of the tail's own metrics, named without their common prefix. */
    double own(String series) {
        return value(
                ExpositionWriter.toText(Registry.families(registry), TextFormat.PROMETHEUS_0_0_4),
                "emberwatch_exporter_tail_" + series);
    }

    private static double value(String page, String series) {
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line ->
                        Double.parseDouble(line.substring(series.length() + 1).split(" ", -1)[0]))
                .findFirst()
                .orElse(-1);
    }

    static void append(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void close() {
        if (part != null) {
            part.close();
        }
    }
}
