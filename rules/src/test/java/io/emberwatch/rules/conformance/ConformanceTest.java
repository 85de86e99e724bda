package io.emberwatch.rules.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.rules.query.EngineOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceTest {
    private static final String TABLE_STARTS = "<!-- written by ConformanceTest -->\n";
    private static final String TABLE_ENDS = "<!-- end -->";
    private static final Path OWN = Path.of("src/test/resources/query");

    @TempDir
    private Path folder;

    private String printed = "";

    private int run(List<Path> files, EngineOptions options) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int exit;
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            exit = Conformance.run(files, out, options);
        }
        printed = bytes.toString(StandardCharsets.UTF_8);
        return exit;
    }

    private int run(List<Path> files) {
        return run(files, EngineOptions.defaults().withDelayedNameRemoval(true));
    }

    private int run(String script) throws IOException {
        Path file = folder.resolve("case.test");
        Files.writeString(file, script);
        return run(List.of(file));
    }

    private static List<Path> scripts(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.toString().endsWith(".test"))
                    .sorted()
                    .toList();
        }
    }

    private static Path corpus(String relative) {
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        assumeTrue(corpus != null, "EMBERWATCH_CORPUS is not set");
        return Path.of(corpus).resolve(relative);
    }

    @Test
    void ownScriptsPass() throws IOException {
        assertThat(run(scripts(OWN))).as(printed).isZero();
        assertThat(printed).doesNotContain("SKIP");
    }

    @Test
    void ownScriptsOfTheExperimentalLanguagePassOnceItIsAskedFor() throws IOException {
        List<Path> files = scripts(Path.of("src/test/resources/query-experimental"));
        assertThat(run(
                        files,
                        EngineOptions.defaults().withDelayedNameRemoval(true).withExperimental(true)))
                .as(printed)
                .isZero();
        assertThat(printed).doesNotContain("SKIP");
        assertThat(run(files)).as(printed).isZero();
        assertThat(printed)
                .contains("(experimental: function \"mad_over_time\" is not enabled)")
                .contains("(experimental: binop fill modifiers are experimental and not enabled)");
    }

    @Test
    void publishedScriptsPassWithTheExperimentalLanguage() throws IOException {
        EngineOptions options =
                EngineOptions.defaults().withDelayedNameRemoval(true).withExperimental(true);
        assertThat(run(scripts(corpus("promqltest/3.14")), options)).as(printed).isZero();
        assertThat(printed.lines().filter(line -> line.startsWith("SKIP")))
                .allMatch(line -> line.contains("native histogram"));
    }

    @Test
    void publishedScriptsPass() throws IOException {
        assertThat(run(scripts(corpus("promqltest/3.14")))).as(printed).isZero();
    }

    /** With {@code -Demberwatch.docs=rewrite} the table of the 3.14 scripts is written anew instead of compared. */
    @Test
    void documentationShowsWhatTheRunnerPrints() throws IOException {
        Path document = Path.of("../docs/promql.md");
        String documentation = Files.readString(document);
        int from = documentation.indexOf(TABLE_STARTS) + TABLE_STARTS.length();
        int to = documentation.indexOf(TABLE_ENDS);
        String table = table();
        if ("rewrite".equals(System.getProperty("emberwatch.docs"))) {
            Files.writeString(document, documentation.substring(0, from) + table + documentation.substring(to));
        } else {
            assertThat(documentation.substring(from, to))
                    .as("the table in docs/promql.md; -Demberwatch.docs=rewrite writes it anew")
                    .isEqualTo(table);
        }
        run(scripts(corpus("promqltest/2.42")));
        assertThat(rows().filter(row -> !row.startsWith("| total")))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(documentation).contains(row.replaceFirst("0$", "")));
    }

    private String table() throws IOException {
        List<Path> files = scripts(corpus("promqltest/3.14"));
        run(files, EngineOptions.defaults().withDelayedNameRemoval(true).withExperimental(true));
        List<String> experimental = tallies();
        run(files);
        List<String> stable = tallies();
        List<String> skips =
                printed.lines().filter(line -> line.startsWith("SKIP ")).toList();
        StringBuilder table = new StringBuilder("""

                | script | passed | failed | skipped | why | passed with `--experimental` |
                |---|---|---|---|---|---|
                """);
        for (int i = 0; i < stable.size(); i++) {
            String[] cells = stable.get(i).split(":? |, ", -1);
            List<String> own = skips.stream()
                    .filter(skip -> cells[0].equals("total") || skip.startsWith("SKIP " + cells[0] + ":"))
                    .toList();
            table.append("| %s | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            cells[0],
                            cells[1],
                            cells[3],
                            cells[5],
                            reasons(own),
                            experimental.get(i).split(":? |, ", -1)[1]));
        }
        return table.append('\n').toString();
    }

    /** The lines of the runner per file and for all. */
    private List<String> tallies() {
        return printed.lines().filter(line -> line.endsWith(" skipped")).toList();
    }

    private static String reasons(List<String> skips) {
        long guarded =
                skips.stream().filter(skip -> skip.contains(" (experimental: ")).count();
        long started = skips.stream()
                .filter(skip -> skip.contains(" (start timestamps "))
                .count();
        long histograms = skips.size() - guarded - started;
        assertThat(skips.stream().filter(skip -> skip.contains("native histogram")))
                .hasSizeGreaterThanOrEqualTo((int) histograms);
        return Stream.of(
                        count(histograms, "native histograms"),
                        count(guarded, "feature flags"),
                        count(started, "start timestamps"))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String count(long number, String what) {
        return number == 0 ? "" : what + " " + number;
    }

    /** The lines of the runner per file, as rows of a table without its last bar. */
    private Stream<String> rows() {
        return tallies().stream()
                .map(line ->
                        "| " + line.replace(":", " |").replace(",", " |").replaceAll(" (passed|failed|skipped)", ""));
    }

    @Test
    void noStableCaseIsSkipped() throws IOException {
        Path corpus = corpus("promqltest");
        Set<String> stable = new HashSet<>();
        for (String line : Files.readAllLines(corpus.resolve("MANIFEST-3.14.tsv"))) {
            String[] cells = line.split("\t", -1);
            if (cells[3].equals("STABLE")) {
                stable.add(cells[0] + ":" + cells[1]);
            }
        }
        run(scripts(corpus.resolve("3.14")));
        assertThat(printed.lines().filter(line -> line.startsWith("SKIP")))
                .isNotEmpty()
                .noneMatch(line -> stable.contains(line.substring(5).replaceFirst("^(\\S+?:\\d+):.*", "$1")));
    }

    @Test
    void scriptsPassWhereNamesAreLostAtOnceToo() throws IOException {
        List<Path> files = scripts(corpus("promqltest/3.14")).stream()
                .filter(file -> !file.endsWith("type_and_unit.test"))
                .toList();
        assertThat(run(files, EngineOptions.defaults())).as(printed).isZero();
    }

    @Test
    void olderScriptsAreRead() throws IOException {
        run(scripts(corpus("promqltest/2.42")));
        assertThat(printed).contains("collision.test: 2 passed, 0 failed, 0 skipped");
        assertThat(printed).containsPattern("total: [34]\\d\\d passed");
    }

    @Test
    void wrongValueFailsWithItsPlace() throws IOException {
        assertThat(run("load 1m\n  m 1\n\neval instant at 0 m\n  m 2\n")).isEqualTo(1);
        assertThat(printed).isEqualTo("""
                        FAIL case.test:4: m
                             expected 2.0 for m, got 1.0
                        case.test: 0 passed, 1 failed, 0 skipped
                        total: 0 passed, 1 failed, 0 skipped
                        """);
    }

    @Test
    void missingAndUnexpectedSeriesFail() throws IOException {
        String load = "load 1m\n  m{a=\"1\"} 1\n  m{a=\"2\"} 1\n\n";
        assertThat(run(load + "eval instant at 0 m\n  m{a=\"1\"} 1\n")).isEqualTo(1);
        assertThat(run(load + "eval instant at 0 m{a=\"1\"}\n  m{a=\"1\"} 1\n  m{a=\"2\"} 1\n"))
                .isEqualTo(1);
        assertThat(run(load + "eval range from 0 to 1m step 1m m{a=\"1\"}\n  m{a=\"1\"} 1\n"))
                .isEqualTo(1);
        assertThat(run(load + "eval range from 0 to 1m step 1m m\n  m{a=\"1\"} 1 1\n"))
                .isEqualTo(1);
    }

    @Test
    void wrongOrderFails() throws IOException {
        String load = "load 1m\n  m{a=\"1\"} 1\n  m{a=\"2\"} 2\n\n";
        String rows = "  expect ordered\n  m{a=\"1\"} 1\n  m{a=\"2\"} 2\n";
        assertThat(run(load + "eval instant at 0 sort(m)\n" + rows)).isZero();
        assertThat(run(load + "eval instant at 0 sort_desc(m)\n" + rows)).isEqualTo(1);
    }

    @Test
    void annotationsAreCompared() throws IOException {
        String query = "eval instant at 0 histogram_quantile(2, vector(1))\n";
        assertThat(run(query + "  expect warn\n")).isZero();
        assertThat(run(query + "  expect no_warn\n")).isEqualTo(1);
        assertThat(run(query + "  expect warn msg: something else\n")).isEqualTo(1);
        assertThat(run(query + "  expect warn\n  expect info\n")).isEqualTo(1);
    }

    @Test
    void failuresAreCompared() throws IOException {
        assertThat(run("eval instant at 0 topk(NaN, up)\n  expect fail\n")).isZero();
        assertThat(run("eval_fail instant at 0 topk(NaN, up)\n  expected_fail_message Parameter value is NaN\n"))
                .isZero();
        assertThat(run("eval instant at 0 topk(NaN, up)\n  expect fail msg: other\n"))
                .isEqualTo(1);
        assertThat(run("eval instant at 0 topk(NaN, up)\n")).isEqualTo(1);
        assertThat(run("eval instant at 0 up\n  expect fail\n")).isEqualTo(1);
        assertThat(run("eval instant at 0 up{\n  expect fail\n")).isZero();
    }

    @Test
    void scalarsAndStringsAreCompared() throws IOException {
        assertThat(run("eval instant at 0 1 + 1\n  2\n")).isZero();
        assertThat(run("eval instant at 0 1 + 1\n  3\n")).isEqualTo(1);
        assertThat(run("eval instant at 0 \"a\"\n  expect string \"a\"\n")).isZero();
        assertThat(run("eval instant at 0 \"a\"\n  expect string \"b\"\n")).isEqualTo(1);
    }

    @Test
    void casesThatAreNotRunAreNamedWithTheReason() throws IOException {
        assertThat(run("""
                        load 1m
                          h {{schema:0 sum:1 count:1}}
                          s@st 1

                        eval instant at 0 sum(h)
                          {} 1

                        eval instant at 0 s
                          s 1

                        eval instant at 0 info(h)
                          {} 1

                        eval instant at 0 count(h)
                          {} 1
                        """)).isZero();
        assertThat(printed)
                .contains("SKIP case.test:5: sum(h) (native histograms are not supported by sum)")
                .contains("SKIP case.test:8: s (start timestamps in s)")
                .contains("SKIP case.test:11: info(h) (experimental: function \"info\" is not enabled)")
                .contains("total: 1 passed, 0 failed, 3 skipped");
    }

    @Test
    void whatReadsNativeHistogramsIsLeftOutRatherThanFailed() throws IOException {
        assertThat(run("load 1m\n  h {{count:1}}\n\neval instant at 0 count(h)\n  {} 7\n"))
                .isZero();
        assertThat(printed)
                .contains("SKIP case.test:4: count(h) (reads native histograms: expected 7.0 for {}, got 1.0)");
    }

    @Test
    void startTimestampsForAllSeriesOfALoadAreNamed() throws IOException {
        String script = "load 1m\n  a 1\n  @st 0s\n  b 1\n\neval instant at 0 %s\n  %s 1\n";
        assertThat(run(script.formatted("a", "a"))).isZero();
        assertThat(printed).contains("1 passed, 0 failed, 0 skipped");
        assertThat(run(script.formatted("b", "b"))).isZero();
        assertThat(printed).contains("SKIP case.test:6: b (start timestamps in b)");
    }

    @Test
    void startTimestampsOfASeriesWithSpacesInItsLabelsAreNamed() throws IOException {
        assertThat(run("""
                        load 1m
                          m{a="b", c="d e"}@st 0 10s
                          m{a="b", c="d e"} 1 2

                        eval instant at 0 m{a="b"}
                          m{a="b", c="d e"} 1
                        """)).isZero();
        assertThat(printed).contains("(start timestamps in m{a=\"b\"})");
    }

    @Test
    void whatCannotBeReadKeepsNothingElseFromBeingRun() throws IOException {
        assertThat(run("""
                        load 1m
                          a 1
                          b 1 what
                          c 1

                        eval instant at 0 a + c
                          {} 2

                        eval instant at 0 b
                          b 1

                        eval strangely a
                          a 1

                        eval instant at 0 c
                          c 1
                        """)).isEqualTo(2);
        assertThat(printed).isEqualTo("""
                        case.test:3: 1:5: parse error: unexpected "what" in series values, expected number or "stale"
                        SKIP case.test:9: b (values that cannot be read in b)
                        case.test:12: invalid evaluation, must be eval instant at <time> <query> or eval range from <time> \
                        to <time> step <step> <query>
                        case.test: 2 passed, 2 failed, 1 skipped
                        total: 2 passed, 2 failed, 1 skipped
                        """);
    }

    @Test
    void unreadableFileIsSaidSo() throws IOException {
        assertThat(run(List.of(folder.resolve("none.test")))).isEqualTo(2);
        assertThat(run("nonsense\n")).isEqualTo(2);
        assertThat(printed).startsWith("case.test:1: invalid command \"nonsense\"");
        assertThat(run("eval sometimes up\n")).isEqualTo(2);
        assertThat(run("load x\n  m 1\n")).isEqualTo(2);
        assertThat(run("load 1m\n  m what\n")).isEqualTo(2);
    }
}
