package io.emberwatch.exporter.textfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.testkit.ManualClock;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextfileSourceTest {
    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000_000));
    private final ExporterMetrics metrics = new ExporterMetrics(new CollectorRegistry());
    private long written = 900_000;
    private TextfileSource source;

    @BeforeEach
    void begin() throws ConfigException {
        source = source(folder.toString());
    }

    private TextfileSource source(String directory) throws ConfigException {
        String yaml = "{directories: ['" + directory + "'], keep_last_good: 5m, max_file: 1kB}";
        return new TextfileSource(ConfigReader.parse("textfile.yml", yaml, TextfileConfig.class), clock, metrics);
    }

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(written++)));
        return file;
    }

    private String page() {
        return ExpositionWriter.toText(
                source.collect(Deadline.after(Duration.ofSeconds(5))), TextFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void filesAreReadWithTheirTimeOfWriting() throws IOException {
        Path file = write("a.prom", "# HELP a_total Things.\n# TYPE a_total counter\na_total{x=\"1\"} 5\n");
        write("a.prom.123", "not_yet 1\n");

        assertThat(page())
                .contains("# HELP a_total Things.\n# TYPE a_total counter\na_total{x=\"1\"} 5\n")
                .contains("# HELP node_textfile_mtime_seconds Unixtime mtime of textfiles successfully read.\n")
                .contains("node_textfile_mtime_seconds{file=\"" + file + "\"} 900000\n")
                .contains(
                        "# HELP node_textfile_scrape_error 1 if there was an error opening or reading a file, 0 otherwise\n")
                .contains("node_textfile_scrape_error 0\n")
                .contains("emberwatch_exporter_textfile_stale{file=\"" + file + "\"} 0\n")
                .doesNotContain("not_yet");
    }

    @Test
    void metricsWithoutHelpSayWhereTheyAreFrom() throws IOException {
        Path first = write("a.prom", "m{n=\"1\"} 1\n");
        Path second = write("b.prom", "m{n=\"2\"} 2\n");

        assertThat(page())
                .contains("# HELP m Metric read from " + first + ", " + second
                        + "\n# TYPE m untyped\nm{n=\"1\"} 1\nm{n=\"2\"} 2\n")
                .contains("node_textfile_scrape_error 0\n");
    }

    @Test
    void ofTwoHelpTextsTheFirstHoldsAndItIsAFault() throws IOException {
        write("a.prom", "# HELP m One.\nm{n=\"1\"} 1\n");
        write("b.prom", "# HELP m Two.\nm{n=\"2\"} 2\n");

        assertThat(page())
                .contains("# HELP m One.\n")
                .contains("m{n=\"2\"} 2\n")
                .contains("node_textfile_scrape_error 1\n");
    }

    @Test
    void aFaultyFileIsRefusedAsAWholeAndTheOthersStillCount() throws IOException {
        write("good.prom", "good 1\n");
        write("stamped.prom", "ok 1\nstamped 1 1395066363000\n");
        write("trace.prom", "fine 1\nTraceback (most recent call last):\n");
        write("large.prom", "# " + "x".repeat(2000) + "\n");

        assertThat(page())
                .contains("good 1\n")
                .contains("node_textfile_scrape_error 1\n")
                .containsOnlyOnce("node_textfile_mtime_seconds{")
                .doesNotContain("ok 1")
                .doesNotContain("fine 1");
    }

    @Test
    void aFileThatIsJustBeingWrittenKeepsWhatItHeld() throws IOException {
        Path file = write("heat.prom", "etcd_score{cluster=\"a\"} 9.5\netcd_score{cluster=\"b\"} 8\n");
        page();
        for (String half : new String[] {"", "etcd_score{clu", "etcd_score{cluster=\"a\"} 9"}) {
            write("heat.prom", half);
            clock.advance(Duration.ofMinutes(1));

            assertThat(page())
                    .contains("etcd_score{cluster=\"a\"} 9.5\netcd_score{cluster=\"b\"} 8\n")
                    .contains("node_textfile_scrape_error 1\n")
                    .contains("emberwatch_exporter_textfile_stale{file=\"" + file + "\"} 1\n")
                    .doesNotContain("node_textfile_mtime_seconds{");
        }

        write("heat.prom", "etcd_score{cluster=\"a\"} 7\n");
        assertThat(page())
                .contains("etcd_score{cluster=\"a\"} 7\n")
                .doesNotContain("cluster=\"b\"")
                .contains("node_textfile_scrape_error 0\n")
                .contains("node_textfile_mtime_seconds{");
    }

    @Test
    void whatAFileHeldIsForgottenAfterAWhile() throws IOException {
        write("heat.prom", "etcd_score 9.5\n");
        page();
        write("heat.prom", "etcd_sc");
        clock.advance(Duration.ofMinutes(5));
        assertThat(page()).contains("etcd_score 9.5\n");

        clock.advance(Duration.ofMillis(1));
        assertThat(page()).doesNotContain("etcd_score 9.5").contains("node_textfile_scrape_error 1\n");
    }

    @Test
    void aFileThatWasAlwaysEmptyIsGood() throws IOException {
        Path file = write("empty.prom", "");

        assertThat(page())
                .contains("node_textfile_scrape_error 0\n")
                .contains("node_textfile_mtime_seconds{file=\"" + file + "\"}");
    }

    @Test
    void aFileThatIsGoneIsGone() throws IOException {
        Path file = write("a.prom", "a 1\n");
        assertThat(page()).contains("a 1\n");
        Files.delete(file);
        assertThat(page()).doesNotContain("a 1\n").contains("node_textfile_scrape_error 0\n");
    }

    @Test
    void aFolderThatCannotBeReadIsAFault() throws ConfigException {
        source = source(folder.resolve("missing").toString());

        assertThat(page()).contains("node_textfile_scrape_error 1\n");
    }

    @Test
    void theLastPartOfAPathMayBeAGlob() throws Exception {
        Files.createDirectories(folder.resolve("job-1"));
        Files.createDirectories(folder.resolve("job-2"));
        write("job-1/a.prom", "a 1\n");
        write("job-2/b.prom", "b 1\n");
        source = source(folder + "/job-*");

        assertThat(page()).contains("a 1\n").contains("b 1\n");
    }
}
