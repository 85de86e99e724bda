package io.emberwatch.benchmarks.exporter;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.exporter.statsd.StatsdPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/** StatsD lines mapped by 1 000 globs and stored: counters, gauges, sampled ones and timers of 10 000 names. */
public final class StatsdBenchmark implements Benchmark {
    private static final int RULES = 1000;
    private static final int NAMES = 10_000;
    private static final int LINES = 1_000_000;
    private static final int ROUNDS = 9;
    private static final int WARM_UP = 4;
    private static final int DATAGRAM_LINES = 40;

    @Override
    public String name() {
        return "exporter/statsd";
    }

    @Override
    public String description() {
        return "StatsD lines/s per core, 1 000 glob rules, 10 000 names";
    }

    @Override
    public void run(Report report) throws IOException {
        StringBuilder yaml = new StringBuilder("listeners: []\nmapping:\n  mappings:\n");
        for (int rule = 0; rule < RULES; rule++) {
            yaml.append("  - {match: 'app")
                    .append(rule)
                    .append(".*.*', name: app")
                    .append(rule);
            yaml.append("_$2, labels: {server: $1}}\n");
        }
        byte[] text = text();
        try (Receivers receivers = new Receivers()) {
            StatsdPart part = receivers.statsd(yaml.toString());
            Receiver receiver = part.receiver();
            double[] speeds = new double[ROUNDS];
            double garbage = 0;
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                long allocated = Receivers.allocatedBytes();
                long begun = Receivers.cpuNanos();
                take(receiver, text);
                double nanos = Receivers.cpuNanos() - begun;
                garbage = (double) (Receivers.allocatedBytes() - allocated) / LINES;
                if (round >= 0) {
                    speeds[round] = LINES / nanos * 1e3;
                    report.say(String.format(
                            Locale.ROOT,
                            "%.2f M lines/s, %.0f ns/line, %.2f B/line",
                            speeds[round],
                            nanos / LINES,
                            garbage));
                }
            }
            if (receivers.sum("emberwatch_exporter_statsd_samples_stored_total")
                    != (double) LINES * (ROUNDS + WARM_UP)) {
                throw new IOException("not every sample was stored");
            }
            double speed = Measured.median(speeds);
            report.figure("StatsD, 1 000 globs, per core", speed, "M lines/s", "≥ 2", speed >= 2);
            report.figure("StatsD, garbage per line", garbage, "B", "—", true);
        }
    }

    private static void take(Receiver receiver, byte[] text) {
        int from = 0;
        int lines = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n' && ++lines % DATAGRAM_LINES == 0) {
                receiver.take(text, from, i + 1);
                from = i + 1;
            }
        }
        if (from < text.length) {
            receiver.take(text, from, text.length);
        }
    }

    private static byte[] text() {
        Random random = new Random(20261121);
        String[] kinds = {"c", "c", "c|@0.1", "g", "ms"};
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < LINES; line++) {
            int name = random.nextInt(NAMES);
            int kind = name % kinds.length;
            text.append("app")
                    .append(name % RULES)
                    .append(".server")
                    .append(name / RULES)
                    .append(".requests")
                    .append(kind);
            text.append(':')
                    .append(random.nextInt(1000))
                    .append('|')
                    .append(kinds[kind])
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
