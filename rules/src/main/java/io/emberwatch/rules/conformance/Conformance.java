package io.emberwatch.rules.conformance;

import io.emberwatch.rules.query.EngineOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs PromQL test scripts in the promqltest format.
 *
 * <p>Every instant case is run again at other times with {@code @} on all selectors, and as the middle of a range query.
 * Cases that need native histograms, start timestamps, or what Prometheus guards by a feature flag are reported as skipped.
 */
public final class Conformance {
    private static final int PASSED = 0;
    private static final int FAILED = 1;
    private static final int UNREADABLE = 2;

    /** How the cases of one file or of all came out. */
    record Tally(int passed, int failed, int skipped) {
        Tally plus(Tally other) {
            return new Tally(passed + other.passed, failed + other.failed, skipped + other.skipped);
        }

        @Override
        public String toString() {
            return passed + " passed, " + failed + " failed, " + skipped + " skipped";
        }
    }

    private final PrintStream out;
    private final EngineOptions options;
    private boolean unreadable;

    private Conformance(PrintStream out, EngineOptions options) {
        this.out = out;
        this.options = options;
    }

    /**
     * Runs scripts and prints how each case that did not pass came out, a line per file and a total.
     *
     * @return 0 when nothing failed, 1 when a case did, 2 when a file or a command in one could not be read; the rest is run
     *     all the same
     */
    public static int run(List<Path> files, PrintStream out) {
        return run(files, out, false);
    }

    /** As {@link #run(List, PrintStream)}, with what Prometheus guards by a feature flag as far as the engine has it. */
    public static int run(List<Path> files, PrintStream out, boolean experimental) {
        return run(
                files,
                out,
                EngineOptions.defaults().withDelayedNameRemoval(true).withExperimental(experimental));
    }

    static int run(List<Path> files, PrintStream out, EngineOptions options) {
        Conformance conformance = new Conformance(out, options);
        Tally total = new Tally(0, 0, 0);
        for (Path file : files) {
            total = total.plus(conformance.file(file));
        }
        out.println("total: " + total);
        if (conformance.unreadable) {
            return UNREADABLE;
        }
        return total.failed > 0 ? FAILED : PASSED;
    }

    private Tally file(Path file) {
        String name = String.valueOf(file.getFileName());
        Tally tally;
        try {
            tally = commands(name, Script.parse(Files.readString(file)));
        } catch (IOException e) {
            out.println(file + ": " + e);
            unreadable = true;
            return new Tally(0, 0, 0);
        }
        out.println(name + ": " + tally);
        return tally;
    }

    private Tally commands(String name, List<Command> commands) {
        CaseRunner runner = new CaseRunner(options);
        Tally tally = new Tally(0, 0, 0);
        for (Command command : commands) {
            if (command instanceof Command.Clear) {
                runner.clear();
            } else if (command instanceof Command.Load load) {
                tally = tally.plus(load(name, runner, load));
            } else if (command instanceof Command.Eval eval) {
                tally = tally.plus(eval(name, eval, runner.run(eval)));
            } else if (command instanceof Command.Unreadable fault) {
                out.println(name + ":" + fault.line() + ": " + fault.message());
                unreadable = true;
                tally = tally.plus(new Tally(0, 1, 0));
            }
        }
        return tally;
    }

    private Tally load(String name, CaseRunner runner, Command.Load load) {
        try {
            runner.load(load);
            return new Tally(0, 0, 0);
        } catch (ScriptException e) {
            out.println("FAIL " + name + ":" + e.line() + ": " + e.getMessage());
            return new Tally(0, 1, 0);
        }
    }

    private Tally eval(String name, Command.Eval eval, CaseRunner.Verdict verdict) {
        String where = name + ":" + eval.line() + ": ";
        if (verdict instanceof CaseRunner.Verdict.Failed failed) {
            out.println("FAIL " + where + eval.expression());
            out.println("     " + failed.reason());
            return new Tally(0, 1, 0);
        }
        if (verdict instanceof CaseRunner.Verdict.Skipped skipped) {
            out.println("SKIP " + where + eval.expression() + " (" + skipped.reason() + ")");
            return new Tally(0, 0, 1);
        }
        return new Tally(1, 0, 0);
    }
}
