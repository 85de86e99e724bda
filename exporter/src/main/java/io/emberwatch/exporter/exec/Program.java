package io.emberwatch.exporter.exec;

import io.emberwatch.exporter.exec.ExecMetrics.Fault;
import io.emberwatch.exporter.output.OutputFormat;
import io.emberwatch.exporter.output.OutputReader;
import io.emberwatch.exporter.output.Readings;
import io.emberwatch.exporter.process.ProgramRun;
import io.emberwatch.exporter.process.ProgramRun.End;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One configured program, run when it is asked or at its interval. */
final class Program implements SampleSource {
    private static final Logger logger = LoggerFactory.getLogger("exec");

    private final ExecConfig config;
    private final ExecMetrics.One metrics;
    private volatile List<MetricFamily> last = List.of();
    private volatile String lastTrouble = "";

    Program(ExecConfig config, ExecMetrics.One metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    ExecConfig config() {
        return config;
    }

    @Override
    public String name() {
        return "exec_" + config.name();
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        if (config.every().isZero()) {
            Duration left = deadline.remaining();
            return run(left.compareTo(config.timeout()) < 0 ? left : config.timeout());
        }
        return last;
    }

    /** A run at the interval; after one that fails there is nothing to show. */
    void runInBackground() {
        try {
            last = run(config.timeout());
            lastTrouble = "";
        } catch (IOException e) {
            last = List.of();
            String trouble = String.valueOf(e.getMessage());
            if (!trouble.equals(lastTrouble)) {
                lastTrouble = trouble;
                logger.atWarn()
                        .addKeyValue("exec", config.name())
                        .addKeyValue("reason", trouble)
                        .log("program failed");
            }
        }
    }

    private List<MetricFamily> run(Duration timeout) throws IOException {
        ProgramRun run;
        metrics.success().set(0);
        try {
            run = ProgramRun.of(config.command(), config.environment(), config.folder(), timeout, (int)
                    config.maxOutput().bytes());
        } catch (IOException e) {
            metrics.error(Fault.START, 1);
            throw e;
        }
        metrics.duration().set(run.seconds());
        metrics.exitCode().set(run.exitCode());
        judge(run);
        Readings readings = new Readings(config.prefix(), Labels.of(config.labels()));
        OutputReader.read(run.output(), config.format(), run.exitCode(), Set.copyOf(config.labelColumns()), readings);
        if (readings.faultCount() > 0) {
            metrics.error(Fault.FORMAT, readings.faultCount());
            logger.atDebug()
                    .addKeyValue("exec", config.name())
                    .log("not understood: {}", String.join("; ", readings.faults()));
        } else {
            metrics.success().set(1);
        }
        return readings.families();
    }

    private void judge(ProgramRun run) throws IOException {
        String said = run.errors().isBlank()
                ? ""
                : "; it said: " + run.errors().strip().lines().findFirst().orElse("");
        if (run.end() == End.TIMED_OUT) {
            metrics.error(Fault.TIMEOUT, 1);
            throw new IOException(config.command().get(0) + ": was killed when its time was over" + said);
        } else if (run.end() == End.TOO_LONG) {
            metrics.error(Fault.TOO_LONG, 1);
            throw new IOException(config.command().get(0) + ": printed more than "
                    + config.maxOutput().bytes() + " bytes");
        } else if (run.exitCode() != 0 && config.format() != OutputFormat.NAGIOS) {
            metrics.error(Fault.EXIT_CODE, 1);
            if (!config.useOnError()) {
                throw new IOException(config.command().get(0) + ": ended with code " + run.exitCode() + said);
            }
        }
    }
}
