package io.emberwatch.exporter.mapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A mapping file that may change while the program runs. Not safe for several threads. */
public final class MappingFile {
    private final Path path;
    private @Nullable Object state;

    public MappingFile(Path path) {
        this.path = path;
    }

    /** @throws IOException when it cannot be read, or with everything that is wrong with it */
    public Mapper read() throws IOException {
        state = state();
        return Mapper.read(path);
    }

    /**
     * The rules when the file has changed since it was last read, successfully or not; null when it has not.
     *
     * @throws IOException as {@link #read}
     */
    public @Nullable Mapper readIfChanged() throws IOException {
        return state().equals(state) ? null : read();
    }

    private Object state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException e) {
            return "missing";
        }
    }
}
