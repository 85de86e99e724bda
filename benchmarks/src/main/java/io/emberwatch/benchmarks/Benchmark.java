package io.emberwatch.benchmarks;

import java.io.IOException;

/** One comparison of our way with a peer's, on the same data and in the same run. */
public interface Benchmark {
    /** What it is asked for by, {@code area/what}. */
    String name();

    /** One line on what is compared with what. */
    String description();

    /**
     * Measures, and tells the report what was seen.
     *
     * @throws IOException when a peer is missing or fails; the message says which
     */
    void run(Report report) throws IOException, InterruptedException;
}
