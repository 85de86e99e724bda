package io.emberwatch.service.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong in it. */
public final class ConfigException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One fault.
     *
     * @param file the file's name as given
     * @param line from 1, or 0 when the file as a whole is meant
     * @param column from 1, or 0
     * @param path the key's path, such as {@code exporter.sensors[0].command}; may be empty
     * @param message what is wrong and what was expected
     */
    public record Problem(String file, int line, int column, String path, String message) {
        @Override
        public String toString() {
            return file + (line > 0 ? ":" + line + ":" + column : "") + ": " + (path.isEmpty() ? "" : path + ": ")
                    + message;
        }
    }
}
