package io.emberwatch.push.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of the journal: frames of a header (length, lines, CRC-32C of both and of the content, four bytes each, big
 * endian) and whole lines. Safe for one writer and one reader.
 */
final class Segment {
    static final int HEADER = 12;
    private static final int LONGEST_FRAME = 64 << 20;
    private static final int SCAN_BYTES = 1 << 20;

    final long number;
    private final Path file;
    private final FileChannel channel;
    private volatile long length;

    private Segment(long number, Path file, FileChannel channel) {
        this.number = number;
        this.file = file;
        this.channel = channel;
    }

    static String fileName(long number) {
        return String.format(Locale.ROOT, "%016d.lines", number);
    }

    static Segment create(Path folder, long number) throws IOException {
        Path file = folder.resolve(fileName(number));
        return new Segment(
                number,
                file,
                FileChannel.open(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** A segment that an earlier process left; what was not written whole at its end is cut off. */
    static Segment reopen(Path folder, long number) throws IOException {
        Path file = folder.resolve(fileName(number));
        Segment segment =
                new Segment(number, file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
        long size = segment.channel.size();
        segment.length = size;
        long valid = 0;
        for (Frames frames = segment.read(0, SCAN_BYTES); frames != null; frames = segment.read(valid, SCAN_BYTES)) {
            while (frames.next()) {
                valid = frames.end();
            }
            if (frames.damaged()) {
                break;
            }
        }
        segment.length = valid;
        return segment;
    }

    /** What a frame takes on disk. */
    static int sizeOf(int bytes) {
        return HEADER + bytes;
    }

    /** @throws IOException when the disk does not take it; then the segment is as before */
    void append(byte[] in, int from, int to, int count) throws IOException {
        int bytes = to - from;
        CRC32C crc = new CRC32C();
        ByteBuffer frame = ByteBuffer.allocate(HEADER + bytes);
        frame.putInt(bytes).putInt(count);
        crc.update(frame.array(), 0, 2 * Integer.BYTES);
        crc.update(in, from, bytes);
        frame.putInt((int) crc.getValue()).put(in, from, bytes).flip();
        long at = length;
        try {
            while (frame.hasRemaining()) {
                at += channel.write(frame, at);
            }
        } catch (IOException e) {
            channel.truncate(length);
            throw e;
        }
        length = at;
    }

    /** Behind the last whole frame. */
    long length() {
        return length;
    }

    /**
     * Frames from a position, at least one and about so many bytes at most; null when there is none.
     *
     * @throws IOException when the disk does not give it
     */
    @Nullable
    Frames read(long from, int about) throws IOException {
        long end = length;
        if (end - from < HEADER) {
            return null;
        }
        byte[] bytes = bytes(from, (int) Math.min(about, end - from));
        int first = ByteBuffer.wrap(bytes).getInt();
        if (first >= 0 && first <= LONGEST_FRAME && HEADER + first > bytes.length && from + HEADER + first <= end) {
            bytes = bytes(from, HEADER + first);
        }
        return new Frames(bytes, from);
    }

    private byte[] bytes(long from, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, from + buffer.position());
            if (read < 0) {
                throw new IOException(file + " is shorter than it was");
            }
        }
        return buffer.array();
    }

    void sync() throws IOException {
        channel.force(false);
    }

    void close() throws IOException {
        channel.close();
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    /** Frames that were read together. */
    static final class Frames {
        private final byte[] bytes;
        private final long base;
        private int end;
        private int start;
        private int count;
        private boolean damaged;

        Frames(byte[] bytes, long base) {
            this.bytes = bytes;
            this.base = base;
        }

        /** Goes to the next whole frame. */
        boolean next() {
            if (damaged || bytes.length - end < HEADER) {
                return false;
            }
            ByteBuffer frame = ByteBuffer.wrap(bytes, end, HEADER);
            int length = frame.getInt();
            int lines = frame.getInt();
            int wanted = frame.getInt();
            if (length < 0 || length > LONGEST_FRAME || lines < 0) {
                damaged = true;
                return false;
            }
            if (bytes.length - end - HEADER < length) {
                damaged = end == 0;
                return false;
            }
            CRC32C crc = new CRC32C();
            crc.update(bytes, end, 2 * Integer.BYTES);
            crc.update(bytes, end + HEADER, length);
            if ((int) crc.getValue() != wanted) {
                damaged = true;
                return false;
            }
            start = end + HEADER;
            end = start + length;
            count = lines;
            return true;
        }

        /** Whether what follows cannot be read. */
        boolean damaged() {
            return damaged;
        }

        byte[] bytes() {
            return bytes;
        }

        int start() {
            return start;
        }

        int length() {
            return end - start;
        }

        int count() {
            return count;
        }

        /** Behind the frame, in the segment. */
        long end() {
            return base + end;
        }
    }
}
