package io.emberwatch.service.config;

import io.emberwatch.service.config.ConfigException.Problem;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Binds YAML to records, strictly.
 *
 * <p>A key is the component's name in snake_case. Unknown keys (with the nearest known one), wrong types, values that a
 * record's constructor refuses with {@link IllegalArgumentException}, and missing keys are all collected and reported
 * together with file, line and column. A constructor's message that begins with a component's name and a colon is
 * reported at that key. Components may be {@code String}, {@code int}, {@code long}, {@code double}, {@code boolean},
 * {@link java.time.Duration}, {@link Secret}, {@link Path}, {@link java.net.URI}, types with a public static {@code
 * parse(String)} such as {@link ByteSize}, enums (lower case, dashes or underscores), other records, {@link YamlNode}
 * (taken as it is), {@code List} and {@code Map<String, …>} of these. {@code @Nullable} components may be absent.
 *
 * <p>{@code ${NAME}} in a scalar is the environment variable's value, {@code $$} a dollar sign; a variable that is not
 * set is a fault. Beside every {@link Secret} key {@code x} stands {@code x_file}: the secret is read from that file,
 * relative to the configuration's folder, one line end at its end cut off.
 */
public final class ConfigReader {
    private ConfigReader() {}

    /** Reads a file. */
    public static <T extends Record> T read(Path file, Class<T> type) throws IOException, ConfigException {
        String text;
        try {
            text = Files.readString(file);
        } catch (MalformedInputException e) {
            throw new ConfigException(List.of(new Problem(file.toString(), 0, 0, "", "is not UTF-8 text")));
        }
        return bind(file.toString(), file.toAbsolutePath().getParent(), text, type, System::getenv);
    }

    /**
     * Reads text.
     *
     * @param fileName what problems call the text
     */
    public static <T extends Record> T parse(String fileName, String yaml, Class<T> type) throws ConfigException {
        return bind(fileName, null, yaml, type, System::getenv);
    }

    /**
     * The record with nothing given.
     *
     * @throws IllegalStateException when something must be given
     */
    public static <T extends Record> T defaults(Class<T> type) {
        try {
            return bind("defaults", null, "", type, name -> null);
        } catch (ConfigException e) {
            throw new IllegalStateException(type.getSimpleName() + " has no defaults: " + e.getMessage(), e);
        }
    }

    static <T extends Record> T bind(
            String fileName,
            @Nullable Path folder,
            String yaml,
            Class<T> type,
            UnaryOperator<@Nullable String> environment)
            throws ConfigException {
        List<Problem> problems = new ArrayList<>();
        YamlNode root = YamlNode.parse(fileName, yaml);
        T bound = new RecordBinder(fileName, folder, environment, problems).record(root, type, "");
        if (bound == null || !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return bound;
    }
}
