package io.emberwatch.bridge.command;

import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A command that is run for an alert group.
 *
 * @param name what routes and metrics call it
 * @param command the program by its absolute path, and its arguments; nothing of an alert is put among them
 * @param onResolve whether it is run when the group is resolved, too
 * @param timeout after which it is killed and counts as failed
 * @param ratePerMinute how often it may be run a minute
 */
public record CommandConfig(
        String name,
        List<String> command,
        @Default("false") boolean onResolve,
        @Default("30s") Duration timeout,
        @Default("6") double ratePerMinute) {
    public CommandConfig {
        command = List.copyOf(command);
        if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
            throw new IllegalArgumentException(
                    "name: " + name + ": expected letters, digits, '_', '.' and '-', at most 64");
        }
        if (command.isEmpty() || !Path.of(command.get(0)).isAbsolute()) {
            throw new IllegalArgumentException("command: expected a program by its absolute path, and its arguments");
        }
        if (timeout.isZero() || timeout.isNegative() || !(ratePerMinute > 0)) {
            throw new IllegalArgumentException("timeout and rate_per_minute must be above zero");
        }
    }
}
