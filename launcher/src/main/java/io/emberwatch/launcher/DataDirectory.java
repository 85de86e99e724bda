package io.emberwatch.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder that services keep their files in. */
final class DataDirectory {
    // A full disk still takes empty files.
    private static final int PROBE_BYTES = 64 << 10;

    private static final Logger logger = LoggerFactory.getLogger("emberwatch");

    private DataDirectory() {}

    /**
     * Makes the folder if need be and writes to it, so that a service is not begun that could keep nothing.
     *
     * @param option what names another folder
     * @throws IOException when that fails; the message says where, why, and what to do
     */
    static void requireWritable(Path folder, String option) throws IOException {
        try {
            probe(folder);
        } catch (IOException e) {
            throw new IOException(
                    "cannot write to the data directory " + folder.toAbsolutePath() + ": " + reason(e)
                            + "; mend that, or name another with " + option,
                    e);
        }
    }

    /**
     * As {@link #requireWritable}, but a full disk is none of the reasons, for a service that goes on in memory until it has
     * room again.
     *
     * @throws IOException when that fails for another reason; the message says where, why, and what to do
     */
    static void requireWritableUnlessFull(Path folder, String option) throws IOException {
        try {
            requireWritable(folder, option);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            if (!message.contains("no space left") && !message.contains("quota exceeded")) {
                throw e;
            }
            logger.atWarn().log("{}; going on without", e.getMessage());
        }
    }

    private static void probe(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path probe = Files.createTempFile(folder, ".probe", "");
        try {
            Files.write(probe, new byte[PROBE_BYTES]);
        } finally {
            Files.delete(probe);
        }
    }

    private static @Nullable String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof FileAlreadyExistsException) {
            return "it is a file";
        }
        return e instanceof FileSystemException where && where.getReason() != null ? where.getReason() : e.getMessage();
    }
}
