package io.emberwatch.push.sample;

import io.airlift.compress.snappy.SnappyCompressor;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Samples as a {@code prometheus.WriteRequest} in snappy's block format, as remote write 1.0 has it: labels in order, the
 * samples of a series in the order of time and one for each millisecond, the last of them.
 */
final class WriteRequest {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static byte[] block(List<Sample> samples) {
        Map<Labels, TreeMap<Long, Double>> series = new LinkedHashMap<>();
        for (Sample sample : samples) {
            series.computeIfAbsent(sample.labels(), labels -> new TreeMap<>())
                    .put(sample.timestampMillis(), sample.value());
        }
        WriteRequest request = new WriteRequest();
        series.forEach((labels, points) -> request.nested(1, series(labels, points)));
        byte[] plain = request.out.toByteArray();
        SnappyCompressor compressor = new SnappyCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(plain.length)];
        return Arrays.copyOf(block, compressor.compress(plain, 0, plain.length, block, 0, block.length));
    }

    private static byte[] series(Labels labels, Map<Long, Double> points) {
        WriteRequest series = new WriteRequest();
        for (int i = 0; i < labels.size(); i++) {
            WriteRequest label = new WriteRequest();
            label.nested(1, labels.name(i).getBytes(StandardCharsets.UTF_8));
            label.nested(2, labels.value(i).getBytes(StandardCharsets.UTF_8));
            series.nested(1, label.out.toByteArray());
        }
        points.forEach((time, value) -> {
            WriteRequest sample = new WriteRequest();
            sample.varint((1 << 3) | FIXED64);
            sample.out.writeBytes(ByteBuffer.allocate(Double.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value)
                    .array());
            sample.varint((2 << 3) | VARINT);
            sample.varint(time);
            series.nested(2, sample.out.toByteArray());
        });
        return series.out.toByteArray();
    }

    private void nested(int field, byte[] content) {
        varint(((long) field << 3) | BYTES);
        varint(content.length);
        out.writeBytes(content);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
