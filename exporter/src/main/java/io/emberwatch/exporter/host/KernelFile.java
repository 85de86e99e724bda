package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of the kernel that is read over and over: kept open, because opening costs as much as reading.
 *
 * <p>Such files have no length, so they are read to their end, at most {@value #MAX_BYTES} bytes. Not for files of single
 * processes: those stay open as dead ones.
 */
final class KernelFile {
    private static final int MAX_BYTES = 16 << 20;
    private static final int FIRST_BYTES = 4096;

    private final Path path;
    private final File file;
    private @Nullable RandomAccessFile open;
    private byte[] buffer = new byte[FIRST_BYTES];
    private final KernelText text = new KernelText();

    KernelFile(Path path) {
        this.path = path;
        this.file = path.toFile();
    }

    /**
     * The text of the file as it is now.
     *
     * @throws NoDataException when there is no such file: the kernel does not have what it would tell
     */
    synchronized String text() throws IOException {
        int length = readAll();
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * The text of the file as it is now, for one thread, and until it is asked for again.
     *
     * @throws NoDataException when there is no such file
     */
    KernelText read() throws IOException {
        int length = readAll();
        text.set(buffer, length);
        return text;
    }

    // How many bytes of the buffer are the file's.
    private int readAll() throws IOException {
        if (open != null) {
            try {
                return read(open);
            } catch (IOException e) {
                close(); // the file may have been replaced; opened anew it tells
            }
        }
        try {
            // Not there is the rule with some files; to be told so by an exception takes longer.
            if (!file.exists()) {
                throw noData();
            }
            RandomAccessFile opened = new RandomAccessFile(file, "r");
            open = opened;
            return read(opened);
        } catch (FileNotFoundException e) {
            if (Files.exists(path)) {
                throw e;
            }
            throw noData();
        } catch (NoDataException e) {
            throw e;
        } catch (IOException e) {
            close();
            throw new IOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private NoDataException noData() {
        return new NoDataException(path + " does not exist");
    }

    private int read(RandomAccessFile from) throws IOException {
        from.seek(0);
        int length = 0;
        for (int read = from.read(buffer, 0, buffer.length); read >= 0; ) {
            length += read;
            if (length == buffer.length) {
                if (length >= MAX_BYTES) {
                    throw new IOException(path + " is longer than " + MAX_BYTES + " bytes");
                }
                buffer = Arrays.copyOf(buffer, 2 * length);
            }
            read = from.read(buffer, length, buffer.length - length);
        }
        return length;
    }

    /** The text of the file without blanks around it, or empty when it cannot be read. */
    synchronized String stripped() {
        try {
            return text().strip();
        } catch (IOException e) {
            return "";
        }
    }

    private void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /** The lines of the file as it is now. */
    List<String> lines() throws IOException {
        return text().lines().toList();
    }

    /** The first line of a file that is read once, trimmed, or null when it cannot be read. */
    static @Nullable String firstLine(Path path) {
        try {
            String text = Files.readString(path, StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            return (end < 0 ? text : text.substring(0, end)).strip();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
