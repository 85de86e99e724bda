package io.emberwatch.benchmarks.rules;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.benchmarks.rules.RangeQueryBenchmark.Query;
import java.io.IOException;
import java.util.List;

/** As {@link RangeQueryBenchmark}, where all but the last half hour of 200 minutes is in the engine's database only. */
public final class StoredRangeBenchmark implements Benchmark {
    private static final List<Query> QUERIES = List.of(
            new Query("sum(rate(a_2000[2h]))", 1),
            new Query("sum(a_hundred)", 1000),
            new Query("sum(a_2000)", 1000),
            new Query("sum(rate(a_2000[1m]))", 1000),
            new Query("count(a_2000 - b_2000)", 1000),
            new Query("histogram_quantile(0.9, rate(h_hundred[5m]))", 1000));

    @Override
    public String name() {
        return "rules/stored";
    }

    @Override
    public String description() {
        return "queries over 200 minutes of which 30 are in memory and the others in the database; Prometheus 2.42";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        RangeQueryBenchmark.run(report, "30m", QUERIES);
    }
}
