package io.emberwatch.service.config;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Binds YAML to records, strictly.
 *
 * <p>A key is the component's name in snake_case. Unknown keys (with the nearest known one), wrong types, values that a
 * record's constructor refuses with {@link IllegalArgumentException}, and missing keys are all collected and reported
 * together with file, line and column. Components may be {@code String}, {@code int}, {@code long}, {@code double},
 * {@code boolean}, {@link java.time.Duration}, {@link ByteSize}, {@link Secret}, {@link Path}, {@link java.net.URI},
 * {@link io.emberwatch.service.http.ListenAddress}, enums (lower case, dashes or underscores), other records,
 * {@code List} and {@code Map<String, …>} of these. {@code @Nullable} components may be absent.
 *
 * <p>{@code ${NAME}} in a scalar is the environment variable's value, {@code $$} a dollar sign; a variable that is not
 * set is a fault. Beside every {@link Secret} key {@code x} stands {@code x_file}: the secret is read from that file,
 * relative to the configuration's folder, one line end at its end cut off.
 */
public final class ConfigReader {
    private ConfigReader() {}

    /** Reads a file. */
    public static <T extends Record> T read(Path file, Class<T> type) throws IOException, ConfigException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads text.
     *
     * @param fileName what problems call the text
     */
    public static <T extends Record> T parse(String fileName, String yaml, Class<T> type) throws ConfigException {
        throw new UnsupportedOperationException();
    }

    /** The record with nothing given. */
    public static <T extends Record> T defaults(Class<T> type) {
        throw new UnsupportedOperationException();
    }
}
