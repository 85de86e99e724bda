package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A process that appends and says what is durable, until it is killed. */
final class KilledWriter {
    static final int SERIES = 50;
    static final Duration STEP = Duration.ofSeconds(15);

    private KilledWriter() {}

    static Labels labels(int series) {
        return Labels.of("__name__", "killed", "series", Integer.toString(series));
    }

    static double value(int series, long step) {
        return step * (series + 1) / 8.0;
    }

    /** Arguments: the directory and the first step. */
    public static void main(String[] args) throws Exception {
        long step = Long.parseLong(args[1]);
        Instant start = TestStore.START.plus(STEP.multipliedBy(step));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (TestStore store = new TestStore(Path.of(args[0]), StoreConfig.DEFAULT, start)) {
            while (true) {
                List<Sample> samples = new ArrayList<>();
                for (int i = 0; i < SERIES; i++) {
                    samples.add(new Sample(labels(i), store.clock.millis(), value(i, step)));
                }
                store.store.append(samples);
                store.store.sync();
                out.println(step++);
                store.scheduler.advance(STEP);
            }
        }
    }
}
