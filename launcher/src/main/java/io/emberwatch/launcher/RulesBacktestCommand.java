package io.emberwatch.launcher;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.engine.RuleFileException;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.rules.ruletest.Backtest;
import io.emberwatch.rules.ruletest.BacktestFormat;
import io.emberwatch.rules.ruletest.BacktestResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "backtest",
        description = {
            "Evaluates rules over the past and tells which alerts would have fired, when and how long.",
            "for and keep_firing_for hold as they would have; what the files record is computed anew."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch rules backtest --start 7d --step 1m prometheus/rules/*.yml",
            "  emberwatch rules backtest --url http://prometheus:9090 --start 2026-03-01T00:00:00Z \\",
            "      --end 2026-03-08T00:00:00Z --format svg --out march.svg rules.yml",
        })
final class RulesBacktestCommand implements Callable<Integer> {
    private static final long MOST_EVALUATIONS = 1_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "rule files")
    @SuppressWarnings("NullAway.Init") // required
    private List<Path> files;

    @Mixin
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private HistoryOptions history;

    @Option(
            names = "--start",
            paramLabel = "T",
            description = "begin: Unix seconds, RFC 3339, or a duration ago; default a day ago")
    private Moment start = new Moment(null, Duration.ofDays(1));

    @Option(names = "--end", paramLabel = "T", description = "end; default now")
    private Moment end = new Moment(null, Duration.ZERO);

    @Option(names = "--step", paramLabel = "D", description = "time between evaluations of every group; default 1m")
    private Duration step = Duration.ofMinutes(1);

    @Option(names = "--format", description = "table, json or svg (a timeline); default table")
    private BacktestFormat format = BacktestFormat.TABLE;

    @Option(names = "--out", paramLabel = "F", description = "write to a file instead of the terminal")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        Instant now = InstantSource.system().instant();
        Instant from = Instant.ofEpochSecond(start.at(now).getEpochSecond());
        Instant to = end.at(now);
        if (history.isContradictory()) {
            throw new ParameterException(spec.commandLine(), "give --url or --data, not both");
        }
        if (to.isBefore(from)) {
            throw new ParameterException(spec.commandLine(), "--end is before --start");
        }
        if (Duration.between(from, to).dividedBy(step) >= MOST_EVALUATIONS) {
            throw new ParameterException(
                    spec.commandLine(), "more than " + MOST_EVALUATIONS + " evaluations: choose a longer --step");
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            Backtest.Period period = new Backtest.Period(from, to, step);
            return history.reading(to, source -> evaluate(source, period));
        } catch (QueryException e) {
            err.println("emberwatch: " + e.getMessage());
            return Emberwatch.FAILED;
        }
    }

    private int evaluate(SeriesSource source, Backtest.Period period) throws IOException, QueryException {
        try {
            return write(Backtest.evaluate(files, source, period));
        } catch (RuleFileException e) {
            e.faults().forEach(fault -> spec.commandLine().getErr().println(fault));
            return Emberwatch.USAGE;
        }
    }

    private int write(BacktestResult result) throws IOException {
        String text = format.write(result);
        PrintWriter terminal = spec.commandLine().getOut();
        Path file = out;
        if (file == null) {
            terminal.print(text);
        } else {
            Files.writeString(file, text, StandardCharsets.UTF_8);
            terminal.println(file + ": " + format.name().toLowerCase(Locale.ROOT) + " of "
                    + result.alerts().size() + " alerts over " + result.evaluations() + " evaluations");
        }
        terminal.flush();
        result.failures()
                .forEach(failure -> spec.commandLine().getErr().println(failure.rule() + ": " + failure.error()));
        return result.failures().isEmpty() ? Emberwatch.OK : Emberwatch.FAILED;
    }
}
