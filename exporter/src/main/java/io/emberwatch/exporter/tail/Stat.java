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
        return new Stat(
                new FileId((Long) attributes.get("dev"), (Long) attributes.get("ino")),
                ((FileTime) attributes.get("lastModifiedTime")).toMillis());
    }
}
