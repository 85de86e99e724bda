package io.emberwatch.exporter.postgres;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Default;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a file whose keys are the prefixes of metrics: postgres_exporter's {@code queries.yaml}. */
final class QueriesFile {
    private static final String KEY = "queries";
    private static final String INDENT = "  ";

    private QueriesFile() {}

    private record Queries(@Default("{}") Map<String, QueryConfig> queries) {}

    static Map<String, QueryConfig> parse(String fileName, String text) throws ConfigException {
        // Put below a key, the file is a record; places are counted back for messages.
        StringBuilder nested = new StringBuilder(KEY).append(":\n");
        text.lines()
                .forEach(line -> nested.append(line.startsWith("---") ? "" : INDENT + line)
                        .append('\n'));
        try {
            return ConfigReader.parse(fileName, nested.toString(), Queries.class)
                    .queries();
        } catch (ConfigException e) {
            List<Problem> problems = new ArrayList<>();
            for (Problem problem : e.problems()) {
                problems.add(new Problem(
                        problem.file(),
                        Math.max(0, problem.line() - 1),
                        Math.max(0, problem.column() - INDENT.length()),
                        problem.path().replaceFirst("^" + KEY + "\\.?", ""),
                        problem.message()));
            }
            throw new ConfigException(problems);
        }
    }
}
