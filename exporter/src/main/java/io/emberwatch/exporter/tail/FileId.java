package io.emberwatch.exporter.tail;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the system calls a file, whatever its name.
 *
 * @param device the file system
 * @param inode its number there; given to another file once this one is gone
 */
record FileId(long device, long inode) {
    static FileId of(Path path) throws IOException {
        return Stat.of(path).id();
    }
}
