package io.emberwatch.benchmarks.exporter;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.exporter.lineprotocol.InfluxPart;
import io.emberwatch.exporter.listen.Receiver;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Lines of line protocol parsed, looked up and stored: ours as the exporter does it, beside a parser made of {@code split} that
 * stores the same values in a hash map, and the floor of finding the line feeds.
 */
public final class LineProtocolBenchmark implements Benchmark {
    private static final int SERIES = 20_000;
    private static final int PASSES = 10;
    private static final int VALUES = 4;
    private static final int ROUNDS = 9;
    private static final int WARM_UP = 6;
    private static final int CHUNK = 256 << 10;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public String name() {
        return "exporter/lineprotocol";
    }

    @Override
    public String description() {
        return "values/s per core, 20 000 series of 4 values, beside a split-based parser and the scan for line feeds";
    }

    @Override
    public void run(Report report) throws IOException {
        measure(report, text(SERIES, false), SERIES, "20 k series");
        measure(report, text(SERIES, true), SERIES, "20 k series in a different order every time");
        measure(report, text(1000, false), 1000, "1 k series");
    }

    private static void measure(Report report, byte[] text, int series, String what) throws IOException {
        int lines = SERIES * PASSES;
        int[] chunks = chunks(text);
        try (Receivers receivers = new Receivers()) {
            InfluxPart part = receivers.influx("{http: true, series_ttl: 1h}");
            Receiver receiver = part.receiver("benchmark");
            Map<String, double[]> peer = new HashMap<>();
            double[] ours = new double[ROUNDS];
            double[] theirs = new double[ROUNDS];
            double[] floor = new double[ROUNDS];
            double garbage = 0;
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                long allocated = Receivers.allocatedBytes();
                long begun = Receivers.cpuNanos();
                for (int i = 1; i < chunks.length; i++) {
                    receiver.take(text, chunks[i - 1], chunks[i]);
                }
                double own = Receivers.cpuNanos() - begun;
                garbage = (double) (Receivers.allocatedBytes() - allocated) / lines;
                begun = Receivers.cpuNanos();
                split(text, peer);
                double split = Receivers.cpuNanos() - begun;
                begun = Receivers.cpuNanos();
                int found = lineFeeds(text);
                double scan = Receivers.cpuNanos() - begun;
                if (found != lines || peer.size() != series * VALUES) {
                    throw new IOException("the peers read other lines than were written");
                }
                if (round >= 0) {
                    ours[round] = lines * (double) VALUES / own * 1e3;
                    theirs[round] = lines * (double) VALUES / split * 1e3;
                    floor[round] = scan / lines;
                    report.say(String.format(
                            Locale.ROOT,
                            "%.2f and %.2f M values/s; %.0f ns/line, floor %.1f ns/line, %.2f B/line",
                            ours[round],
                            theirs[round],
                            own / lines,
                            floor[round],
                            garbage));
                }
            }
            if (receivers.sum("emberwatch_exporter_influx_values_stored_total")
                    != (double) lines * VALUES * (ROUNDS + WARM_UP)) {
                throw new IOException("not every value was stored");
            }
            double speed = Measured.median(ours);
            report.atLeast("line protocol, " + what, speed, Measured.median(theirs), "M values/s", 8);
            report.figure("line protocol, " + what + ", per core", speed, "M values/s", "≥ 10", speed >= 10);
            report.figure("line protocol, garbage per line", garbage, "B", "0", garbage < 1);
            report.figure("scan for line feeds alone", Measured.median(floor), "ns/line", "—", true);
            report.figure("line protocol, " + what, VALUES * 1e3 / speed, "ns/line", "—", true);
        }
    }

    private static byte[] text(int series, boolean shuffled) {
        Random random = new Random(20261121);
        List<Integer> order = new ArrayList<>();
        for (int one = 0; one < series; one++) {
            order.add(one);
        }
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < SERIES * PASSES; line++) {
            if (shuffled && line % series == 0) {
                Collections.shuffle(order, random);
            }
            int one = order.get(line % series);
            text.append(String.format(
                    Locale.ROOT,
                    "cpu,cpu=cpu%d,host=server%05d.example.org,region=eu-west-%d "
                            + "usage_user=%.2f,usage_system=%.2f,usage_idle=%.2f,load=%.3f 17%017d%n",
                    one % 64,
                    one,
                    one % 3,
                    random.nextDouble() * 100,
                    random.nextDouble() * 100,
                    random.nextDouble() * 100,
                    random.nextDouble() * 10,
                    line));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    // What a listener or a request body hands on at once: whole lines.
    private static int[] chunks(byte[] text) {
        List<Integer> ends = new ArrayList<>(List.of(0));
        for (int at = CHUNK; at < text.length; at += CHUNK) {
            while (text[at - 1] != '\n') {
                at++;
            }
            ends.add(at);
        }
        ends.add(text.length);
        return ends.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void split(byte[] text, Map<String, double[]> store) {
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                String[] parts = new String(text, from, i - from, StandardCharsets.UTF_8).split(" ", -1);
                String[] names = parts[0].split(",", -1);
                Arrays.sort(names, 1, names.length);
                String series = String.join(",", names);
                for (String field : parts[1].split(",", -1)) {
                    String[] pair = field.split("=", -1);
                    store.computeIfAbsent(series + " " + pair[0], key -> new double[2])[0] =
                            Double.parseDouble(pair[1]);
                }
                from = i + 1;
            }
        }
    }

    private static int lineFeeds(byte[] text) {
        int count = 0;
        int i = 0;
        for (; i + Long.BYTES <= text.length; i += Long.BYTES) {
            long word = (long) LONGS.get(text, i) ^ 0x0a0a_0a0a_0a0a_0a0aL;
            long zero = (word - 0x0101_0101_0101_0101L) & ~word & 0x8080_8080_8080_8080L;
            count += Long.bitCount(zero);
        }
        for (; i < text.length; i++) {
            count += text[i] == '\n' ? 1 : 0;
        }
        return count;
    }
}
