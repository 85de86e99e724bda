package io.emberwatch.rules.settings;

import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A secret or certificate, or the file that holds it and is read anew each time. */
public record Credential(@Nullable Secret value, @Nullable Path file) {
    private static final int MAX_LENGTH = 4 << 20;

    /** The secret, or null when neither key is given; {@code folder} is what a relative file name is relative to. */
    public static @Nullable Credential read(MappingReader reader, String key, Path folder) {
        String fileKey = key + "_file";
        String text = reader.text(key);
        String name = reader.text(fileKey);
        if (text != null && name != null) {
            reader.problem(fileKey, "at most one of " + key + " and " + fileKey + " must be configured");
        }
        if (name != null) {
            Path path = folder.resolve(name);
            if (!Files.exists(path)) {
                reader.problem(fileKey, name + ": there is no such file");
            }
            return new Credential(null, path);
        }
        return text == null ? null : new Credential(new Secret(text), null);
    }

    /** @throws IOException when the file cannot be read */
    public String reveal() throws IOException {
        if (value != null) {
            return value.reveal();
        }
        if (file == null) {
            return "";
        }
        if (Files.size(file) > MAX_LENGTH) {
            throw new IOException(file + ": is larger than " + MAX_LENGTH + " bytes");
        }
        return Files.readString(file).strip();
    }
}
