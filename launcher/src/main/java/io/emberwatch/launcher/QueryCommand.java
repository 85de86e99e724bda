package io.emberwatch.launcher;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.service.promapi.PrometheusClient;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "query",
        description = "Evaluates a PromQL expression at a Prometheus-compatible API.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch query emberwatch_etcd_cluster_score",
            "  emberwatch query --start 1h --step 1m 'avg_over_time(sensor_cpu_load[1m])'",
            "  emberwatch query --url http://prometheus:9090 --format json up",
        })
final class QueryCommand implements Callable<Integer> {
    /** How a result is shown. */
    enum Format {
        TABLE,
        JSON,
        SPARK
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "EXPR", description = "the expression")
    @SuppressWarnings("NullAway.Init") // required
    private String expression;

    @Option(names = "--url", description = "the API's address; default ${DEFAULT-VALUE}")
    private URI url = URI.create("http://127.0.0.1:9600");

    @Option(
            names = "--time",
            paramLabel = "T",
            description = "when: Unix seconds, RFC 3339, or a duration ago; default now")
    private @Nullable Moment time;

    @Option(names = "--start", paramLabel = "T", description = "begin of a range, as --time; makes a range query")
    private @Nullable Moment start;

    @Option(names = "--end", paramLabel = "T", description = "end of the range; default now")
    private @Nullable Moment end;

    @Option(names = "--step", paramLabel = "D", description = "step of the range; default a 60th of it")
    private @Nullable Duration step;

    @Option(names = "--format", description = "table, json or spark; default table, spark for ranges")
    private @Nullable Format format;

    @Override
    public Integer call() {
        if (start == null ? end != null || step != null : time != null) {
            throw new ParameterException(
                    spec.commandLine(), "give --time for a moment, or --start, --end and --step for a range");
        }
        PrintWriter err = spec.commandLine().getErr();
        InstantSource clock = InstantSource.system();
        try {
            QueryResult result = run(new PrometheusClient(url), clock.instant());
            result.warnings().forEach(warning -> err.println("warning: " + warning));
            Format shown = format != null ? format : start != null ? Format.SPARK : Format.TABLE;
            ResultPrinter.print(result.value(), shown, spec.commandLine().getOut());
            return Emberwatch.OK;
        } catch (QueryException e) {
            err.println("emberwatch: " + e.getMessage());
            return e.kind() == QueryException.Kind.BAD_DATA ? Emberwatch.USAGE : Emberwatch.FAILED;
        }
    }

    private QueryResult run(QuerySource source, Instant now) throws QueryException {
        if (start == null) {
            return source.instant(expression, time == null ? now : time.at(now));
        }
        Instant from = start.at(now);
        Instant to = end == null ? now : end.at(now);
        Duration between = Duration.between(from, to);
        Duration width = step == null ? Duration.ofMillis(Math.max(1000, between.toMillis() / 60000 * 1000)) : step;
        return source.range(expression, from, to, width);
    }
}
