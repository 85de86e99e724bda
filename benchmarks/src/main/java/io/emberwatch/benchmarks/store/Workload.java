package io.emberwatch.benchmarks.store;

import io.airlift.compress.snappy.SnappyCompressor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Series as a host with many services has them: eight labels, three of four are counters that grow unevenly, the fourth a
 * gauge with two decimals. The values of a round depend on nothing but the round.
 */
final class Workload {
    private static final int PER_FAMILY = 200;
    private static final int PER_REQUEST = 2_000;

    private final int series;

    Workload(int series) {
        this.series = series;
    }

    int series() {
        return series;
    }

    private static String[] labels(int i) {
        return new String[] {
            "__name__",
            "app_family_" + i / PER_FAMILY + (i % 4 == 3 ? "_ratio" : "_total"),
            "cluster",
            "eu-1",
            "code",
            Integer.toString(200 + i % 5),
            "handler",
            "/api/v1/resource/" + i % 40,
            "instance",
            "10.1.0." + i % PER_FAMILY / 20 + ":9100",
            "job",
            "app",
            "method",
            i % 2 == 0 ? "GET" : "POST",
            "n",
            Integer.toString(i)
        };
    }

    private static double value(int i, int round) {
        if (i % 4 == 3) {
            return new SplittableRandom(i * 31L + round).nextInt(10_000) / 100.0;
        }
        return (double) round * (i % 97) + new SplittableRandom(i * 17L + round).nextInt(i % 97 + 1);
    }

    /** The exposition page of a round. */
    byte[] page(int round) {
        StringBuilder page = new StringBuilder(series * 170);
        for (int i = 0; i < series; i++) {
            String[] labels = labels(i);
            if (i % PER_FAMILY == 0) {
                page.append("# HELP app_family_").append(i / PER_FAMILY).append("_total What it counts.\n");
            }
            page.append(labels[1]).append('{');
            for (int l = 2; l < labels.length; l += 2) {
                if (!labels[l].equals("instance") && !labels[l].equals("job")) {
                    page.append(labels[l]).append("=\"").append(labels[l + 1]).append("\",");
                }
            }
            page.setCharAt(page.length() - 1, '}');
            double value = value(i, round);
            page.append(' ');
            if (i % 4 == 3) {
                page.append(String.format(Locale.ROOT, "%.2f", value));
            } else {
                page.append((long) value);
            }
            page.append('\n');
        }
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Takes the requests of a round. */
    interface Sink {
        void block(byte[] block) throws java.io.IOException;
    }

    /** The same samples as remote write 1.0. */
    void requests(int round, long timestampMillis, Sink sink) throws java.io.IOException {
        for (int from = 0; from < series; from += PER_REQUEST) {
            ByteArrayOutputStream request = new ByteArrayOutputStream(PER_REQUEST * 220);
            for (int i = from; i < Math.min(series, from + PER_REQUEST); i++) {
                ByteArrayOutputStream one = new ByteArrayOutputStream(220);
                String[] labels = labels(i);
                for (int l = 0; l < labels.length; l += 2) {
                    ByteArrayOutputStream label = new ByteArrayOutputStream(40);
                    bytes(label, 1, labels[l].getBytes(StandardCharsets.UTF_8));
                    bytes(label, 2, labels[l + 1].getBytes(StandardCharsets.UTF_8));
                    bytes(one, 1, label.toByteArray());
                }
                ByteArrayOutputStream sample = new ByteArrayOutputStream(24);
                sample.write((1 << 3) | 1);
                sample.writeBytes(ByteBuffer.allocate(Double.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putDouble(value(i, round))
                        .array());
                sample.write(2 << 3);
                varint(sample, timestampMillis);
                bytes(one, 2, sample.toByteArray());
                bytes(request, 1, one.toByteArray());
            }
            sink.block(compressed(request.toByteArray()));
        }
    }

    private static byte[] compressed(byte[] plain) {
        SnappyCompressor compressor = new SnappyCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(plain.length)];
        return Arrays.copyOf(block, compressor.compress(plain, 0, plain.length, block, 0, block.length));
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] content) {
        out.write((field << 3) | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
