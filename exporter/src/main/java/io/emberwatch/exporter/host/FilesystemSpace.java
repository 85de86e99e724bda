package io.emberwatch.exporter.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** How large a file system is; the call may never return when a server is gone. */
@FunctionalInterface
interface FilesystemSpace {
    /** @throws IOException when it cannot be told */
    Space of(Path mountPoint) throws IOException;

    /** All in bytes. */
    record Space(double size, double free, double available) {}

    /** Asks the kernel. */
    static Space ask(Path mountPoint) throws IOException {
        File file = mountPoint.toFile();
        long size = file.getTotalSpace();
        if (size == 0) {
            // Zero stands for a fault too; this call tells the difference.
            Files.readAttributes(mountPoint, BasicFileAttributes.class);
        }
        return new Space(size, file.getFreeSpace(), file.getUsableSpace());
    }
}
