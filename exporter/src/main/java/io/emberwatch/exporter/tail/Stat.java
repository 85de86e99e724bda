package io.emberwatch.exporter.tail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What the system says of a file.
 *
 * @param modifiedMillis when it was changed last
 */
record Stat(FileId id, long modifiedMillis) {
    /** @throws IOException when there is none, or it may not be looked at */
    static Stat of(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino,lastModifiedTime");
        if (attributes.get("dev") instanceof Long device
                && attributes.get("ino") instanceof Long inode
                && attributes.get("lastModifiedTime") instanceof FileTime modified) {
            return new Stat(new FileId(device, inode), modified.toMillis());
        }
        throw new IOException(path + ": its file system does not number files");
    }
}
