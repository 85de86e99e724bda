package io.emberwatch.exporter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Records behind each other in one file; a record is there wholly or not at all, whenever the process or the machine ends.
 *
 * <p>The file begins with eight bytes that say what it is. A record is its length and its CRC-32C, four bytes each, and
 * its bytes. A record that a crash left incomplete is cut off when the file is opened. One record holds what has to be
 * remembered together, so that one write and one {@code fsync} make it durable: an embedded database would write the same
 * bytes twice and bring its own library.
 *
 * <p>Not safe for several threads.
 */
public final class Journal implements AutoCloseable {
    /** A record is no longer than this. */
    public static final int MAX_RECORD = 256 << 20;

    private static final byte[] MAGIC = "EMBERJ1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 8;

    private final Path file;
    private FileChannel channel;
    private long length;

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the records of a file, oldest first. */
    @FunctionalInterface
    public interface Replay {
        /** @throws IOException when the record cannot be understood; the journal is then not opened */
        void record(byte[] record) throws IOException;
    }

    /**
     * Opens a file, made with its folder if need be, and replays it.
     *
     * @throws IOException when it cannot be opened, is no journal, or {@code replay} refuses a record
     */
    public static Journal open(Path file, Replay replay) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Journal journal = new Journal(file, channel);
        try {
            journal.read(replay);
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void read(Replay replay) throws IOException {
        long size = channel.size();
        if (size < MAGIC.length) {
            channel.truncate(0);
            writeAt(ByteBuffer.wrap(MAGIC), 0);
            channel.force(true);
            forceFolder();
            length = MAGIC.length;
            return;
        }
        ByteBuffer magic = readAt(0, MAGIC.length);
        if (!magic.equals(ByteBuffer.wrap(MAGIC))) {
            throw new IOException(file + ": is not a journal; move it away to begin anew");
        }
        length = MAGIC.length;
        while (size - length >= HEADER) {
            ByteBuffer header = readAt(length, HEADER);
            int recordLength = header.getInt();
            int crc = header.getInt();
            if (recordLength <= 0 || recordLength > Math.min(MAX_RECORD, size - length - HEADER)) {
                break;
            }
            byte[] record = new byte[recordLength];
            readAt(length + HEADER, recordLength).get(record);
            if (crc(record, recordLength) != crc) {
                break;
            }
            replay.record(record);
            length += HEADER + recordLength;
        }
        if (size > length) {
            channel.truncate(length);
        }
    }

    private ByteBuffer readAt(long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException(file + ": ends before its end");
            }
        }
        return buffer.flip();
    }

    private void writeAt(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private static int crc(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }

    /** Bytes of the file. */
    public long length() {
        return length;
    }

    /**
     * Adds a record; when this returns it is on the disk.
     *
     * @throws IOException when it is not, because the disk is full for one; the journal is then as it was before
     */
    public void append(byte[] record) throws IOException {
        try {
            writeAt(framed(record), length);
            channel.force(false);
        } catch (IOException e) {
            try {
                channel.truncate(length);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        length += HEADER + record.length;
    }

    private static ByteBuffer framed(byte[] record) {
        if (record.length == 0 || record.length > MAX_RECORD) {
            throw new IllegalArgumentException(record.length + ": a record has 1 to " + MAX_RECORD + " bytes");
        }
        return ByteBuffer.allocate(HEADER + record.length)
                .putInt(record.length)
                .putInt(crc(record, record.length))
                .put(record)
                .flip();
    }

    /**
     * Puts one record in the place of all.
     *
     * @throws IOException when that fails; the journal is then as it was before
     */
    public void replace(byte[] record) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        FileChannel replacement = FileChannel.open(
                fresh,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            ByteBuffer bytes = ByteBuffer.allocate(MAGIC.length + HEADER + record.length)
                    .put(MAGIC)
                    .put(framed(record))
                    .flip();
            while (bytes.hasRemaining()) {
                replacement.write(bytes);
            }
            replacement.force(true);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            replacement.close();
            Files.deleteIfExists(fresh);
            throw e;
        }
        channel.close();
        channel = replacement;
        length = (long) MAGIC.length + HEADER + record.length;
        forceFolder();
    }

    private void forceFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
