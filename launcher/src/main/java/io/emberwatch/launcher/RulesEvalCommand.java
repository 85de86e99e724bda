package io.emberwatch.launcher;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.rules.explain.Explainer;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.SyntaxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "eval",
        description = {
            "Evaluates an expression at one time.",
            "With --explain, every part of it too: what each selector found, how series met, why there is no result."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch rules eval 'rate(sensor_ticks_total[1m])'",
            "  emberwatch rules eval --explain --time 15m 'up{job=\"api\"} == 0'",
        })
final class RulesEvalCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "EXPR", description = "the expression")
    @SuppressWarnings("NullAway.Init") // required
    private String expression;

    @Mixin
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private HistoryOptions history;

    @Option(
            names = "--time",
            paramLabel = "T",
            description = "when: Unix seconds, RFC 3339, or a duration ago; default now")
    private Moment time = new Moment(null, Duration.ZERO);

    @Option(names = "--explain", description = "show every part of the expression and what became of it")
    private boolean explain;

    @Override
    public Integer call() throws IOException {
        if (history.isContradictory()) {
            throw new ParameterException(spec.commandLine(), "give --url or --data, not both");
        }
        Instant at = time.at(InstantSource.system().instant());
        PrintWriter err = spec.commandLine().getErr();
        try {
            Expr expr = Promql.parse(expression);
            return history.asking(source -> show(expr, source, at));
        } catch (SyntaxException e) {
            err.println("emberwatch: " + e.getMessage());
            return Emberwatch.USAGE;
        } catch (QueryException e) {
            err.println("emberwatch: " + e.getMessage());
            return e.kind() == QueryException.Kind.BAD_DATA ? Emberwatch.USAGE : Emberwatch.FAILED;
        }
    }

    private int show(Expr expr, QuerySource source, Instant at) throws QueryException {
        PrintWriter out = spec.commandLine().getOut();
        if (explain) {
            out.print(new Explainer(source, at).explain(expr).tree());
            out.println();
        }
        QueryResult result = source.instant(expr.toString(), at);
        result.warnings().forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
        ResultPrinter.print(result.value(), QueryCommand.Format.TABLE, out);
        return Emberwatch.OK;
    }
}
