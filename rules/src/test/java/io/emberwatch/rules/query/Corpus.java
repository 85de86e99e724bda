package io.emberwatch.rules.query;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** The published test data, which is not part of the project. */
final class Corpus {
    private Corpus() {}

    /** A file or folder of the corpus; skips the test when there is no corpus. */
    static Path path(String relative) {
        String corpus = System.getenv("EMBERWATCH_CORPUS");
        assumeTrue(corpus != null, "EMBERWATCH_CORPUS is not set");
        return Path.of(corpus).resolve(relative);
    }
}
