package io.emberwatch.exporter.exec;

import io.emberwatch.exporter.output.OutputFormat;
import io.emberwatch.model.MetricNames;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that prints metrics.
 *
 * @param name the value of the label {@code exec}, and of its source's name after {@code exec_}
 * @param command the program and its arguments; no shell is involved
 * @param format how it says its values
 * @param prefix stands before every name
 * @param labels of every sample that does not have them itself
 * @param labelColumns columns of CSV that are labels
 * @param timeout after which the program and all that it started are killed; no longer than the scrape when it runs for one
 * @param every how often it is run; zero for once a scrape
 * @param environment added to the exporter's own
 * @param folder where it runs
 * @param useOnError whether what it prints is taken though it ends with a code other than 0; always so for Nagios
 * @param maxOutput how much it may print, at most 64MiB
 */
public record ExecConfig(
        String name,
        List<String> command,
        @Default("prometheus") OutputFormat format,
        @Default("''") String prefix,
        @Default("{}") Map<String, String> labels,
        @Default("[]") List<String> labelColumns,
        @Default("5s") Duration timeout,
        @Default("0s") Duration every,
        @Default("{}") Map<String, String> environment,
        @Nullable Path folder,
        @Default("false") boolean useOnError,
        @Default("4MiB") ByteSize maxOutput) {
    private static final long LARGEST_OUTPUT = 64 << 20;

    public ExecConfig {
        command = List.copyOf(command);
        labelColumns = List.copyOf(labelColumns);
        if (!name.matches("[A-Za-z0-9_.-]{1,100}")) {
            throw new IllegalArgumentException(
                    "name: " + name + " is not made of letters, digits, underscores, dots and dashes");
        }
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("command: must name a program");
        }
        if (!prefix.isEmpty() && !MetricNames.isMetricName(prefix)) {
            throw new IllegalArgumentException("prefix: " + prefix + " cannot begin the name of a metric");
        }
        labels.keySet().forEach(label -> {
            if (!MetricNames.isLabelName(label)) {
                throw new IllegalArgumentException("labels: " + label + " is not the name of a label");
            }
        });
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout: must be at least 1ms");
        }
        if (every.isNegative() || (!every.isZero() && every.toMillis() < 100)) {
            throw new IllegalArgumentException("every: must be at least 100ms, or 0s for once a scrape");
        }
        if (maxOutput.bytes() < 1 || maxOutput.bytes() > LARGEST_OUTPUT) {
            throw new IllegalArgumentException("max_output: must be from 1 byte to 64MiB");
        }
    }
}
