package io.emberwatch.scorer.heatmap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes PNG files of eight bits per colour (<a href="https://www.w3.org/TR/png-3/">Portable Network Graphics</a>), one
 * chunk of data, no filters.
 */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte DEPTH = 8;
    private static final byte TRUE_COLOUR = 2;
    private static final int HEADER_BYTES = 13;
    private static final int BUFFER = 16 * 1024;

    private Png() {}

    /** @param pixels red, green and blue of each pixel, row by row */
    static byte[] of(int width, int height, byte[] pixels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).putInt(width).putInt(height);
        header.put(DEPTH).put(TRUE_COLOUR);
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", compressed(width, height, pixels));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] compressed(int width, int height, byte[] pixels) {
        int row = 3 * width;
        byte[] lines = new byte[height * (row + 1)];
        for (int y = 0; y < height; y++) {
            System.arraycopy(pixels, y * row, lines, y * (row + 1) + 1, row);
        }
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(lines);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(data);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) check.getValue())
                .array());
    }
}
