package io.emberwatch.rules.ruletest;

import com.google.re2j.Pattern;
import io.emberwatch.rules.engine.RuleFileException;
import io.emberwatch.rules.engine.RuleFiles;
import io.emberwatch.rules.ruletest.RuleTestFileReader.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs unit tests for rules, in the format and with the output of {@code promtool test rules} (Prometheus documentation,
 * "Unit testing for rules").
 *
 * <p>Beyond promtool: a diff under each failure, and which rules no test ever made give a result. Expectations of native
 * histograms are left out and named.
 */
public final class RuleTest {
    /** Every expectation was met. */
    public static final int OK = 0;

    /** An expectation was not met, a rule failed, or a file could not be used. */
    public static final int FAILED = 1;

    /**
     * What to run and report.
     *
     * @param run only tests whose names it finds itself in; null for all
     * @param junit where to write JUnit XML; null for nowhere
     * @param coverage whether to list the rules that never gave a result
     * @param ignoreUnknownFields whether rule files may have fields that are not known
     */
    public record Options(@Nullable Pattern run, @Nullable Path junit, boolean coverage, boolean ignoreUnknownFields) {
        public static final Options DEFAULT = new Options(null, null, false, false);
    }

    private final Options options;
    private final PrintStream out;
    private final RuleCoverage coverage = new RuleCoverage();
    private final JUnitReport report = new JUnitReport();

    private RuleTest(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Runs test files one after the other; {@link #OK} or {@link #FAILED}. */
    public static int run(List<Path> files, PrintStream out) throws IOException {
        return run(files, out, Options.DEFAULT);
    }

    /** As {@link #run(List, PrintStream)}, with options. */
    public static int run(List<Path> files, PrintStream out, Options options) throws IOException {
        return new RuleTest(options, out).run(files);
    }

    private int run(List<Path> files) throws IOException {
        if (files.isEmpty()) {
            out.println("no test files given");
            return FAILED;
        }
        int worst = OK;
        for (Path file : files) {
            worst = Math.max(worst, run(file));
        }
        if (options.coverage()) {
            List<String> untested = coverage.untested();
            out.println("Coverage: " + (coverage.total() - untested.size()) + " of " + coverage.total()
                    + " rules gave a result");
            untested.forEach(rule -> out.println("  never: " + rule));
        }
        Path junit = options.junit();
        if (junit != null) {
            report.write(junit);
        }
        return worst;
    }

    private int run(Path file) {
        out.println("Unit Testing:  " + file);
        List<CaseResult> results = new ArrayList<>();
        int code;
        try {
            code = run(file, results);
        } catch (NoSuchFileException e) {
            code = unusable(file + ": no such file", results);
        } catch (IOException | Fault | RuleFileException e) {
            code = unusable(String.valueOf(e.getMessage()), results);
        }
        report.add(file.toString(), results);
        out.println();
        return code;
    }

    private int unusable(String message, List<CaseResult> results) {
        results.add(CaseResult.failed("load", message));
        out.println("  FAILED:");
        out.println(message);
        return FAILED;
    }

    private int run(Path file, List<CaseResult> results) throws IOException, Fault, RuleFileException {
        RuleTestFile tests = RuleTestFileReader.read(file.toString(), Files.readString(file));
        Path folder = file.getParent() == null ? Path.of("") : file.getParent();
        List<Path> ruleFiles = new ArrayList<>();
        for (String pattern : tests.ruleFiles()) {
            List<Path> found = RuleFiles.find(folder, pattern);
            if (found.isEmpty()) {
                out.println("  WARNING: no file match pattern " + pattern);
            }
            ruleFiles.addAll(found);
        }
        Pattern run = options.run();
        for (TestGroup test : tests.tests()) {
            if (run == null || run.matcher(test.name()).find()) {
                results.addAll(new GroupTest(tests, test, coverage, options.ignoreUnknownFields()).run(ruleFiles));
            }
        }
        return print(results);
    }

    private int print(List<CaseResult> results) {
        boolean failed = results.stream().anyMatch(result -> result.outcome() == CaseResult.Outcome.FAILED);
        out.println(failed ? "  FAILED:" : "  SUCCESS");
        for (CaseResult result : results) {
            if (result.outcome() == CaseResult.Outcome.FAILED) {
                out.println(result.text());
                out.println();
            } else if (result.outcome() == CaseResult.Outcome.SKIPPED) {
                out.println("  SKIPPED:" + result.text());
            }
        }
        return failed ? FAILED : OK;
    }
}
