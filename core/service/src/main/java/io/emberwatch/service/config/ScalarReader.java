package io.emberwatch.service.config;

import io.emberwatch.model.text.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads single values strictly: what is not exactly of the type is refused with what was expected. */
final class ScalarReader {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\$|\\{([^}]*)\\}?)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern GROUP = Pattern.compile("[0-9]+");
    private static final Pattern LINE_END = Pattern.compile("\\r?\\n\\z");
    private static final int LARGEST_SECRET = 64 << 10;

    private static final Map<Class<?>, String> EXPECTED = Map.ofEntries(
            Map.entry(String.class, "text"),
            Map.entry(int.class, "a whole number"),
            Map.entry(Integer.class, "a whole number"),
            Map.entry(long.class, "a whole number"),
            Map.entry(Long.class, "a whole number"),
            Map.entry(double.class, "a number"),
            Map.entry(Double.class, "a number"),
            Map.entry(boolean.class, "true or false"),
            Map.entry(Boolean.class, "true or false"),
            Map.entry(Duration.class, "a duration such as 15s"),
            Map.entry(Secret.class, "text"),
            Map.entry(Path.class, "a path"),
            Map.entry(URI.class, "an address such as http://127.0.0.1:9090"));

    private final @Nullable Path folder;
    private final UnaryOperator<@Nullable String> environment;

    ScalarReader(@Nullable Path folder, UnaryOperator<@Nullable String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    static boolean reads(Class<?> type) {
        return EXPECTED.containsKey(type) || type.isEnum() || parseMethod(type) != null;
    }

    static String expectation(Class<?> type) {
        if (type.isEnum() && parseMethod(type) == null) {
            return "one of "
                    + String.join(
                            ", ",
                            Arrays.stream(type.getEnumConstants())
                                    .map(constant -> enumText(constant))
                                    .toList());
        }
        return EXPECTED.getOrDefault(type, type.getSimpleName());
    }

    private static String enumText(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    /** The value; {@link IllegalArgumentException} with the text and what was expected when it is not one. */
    Object read(YamlNode.Scalar scalar, Class<?> type) {
        String text = expand(scalar.text());
        try {
            return convert(text, type);
        } catch (IllegalArgumentException e) {
            if (text.equals(scalar.text())) {
                throw e;
            }
            // What the environment holds may be secret: the message shows what the file says.
            throw new IllegalArgumentException(
                    scalar.text() + ": expected " + expectation(type) + " in the environment", e);
        }
    }

    private static Object convert(String text, Class<?> type) {
        if (type == String.class) {
            return text;
        } else if (type == Secret.class) {
            return new Secret(text);
        } else if (type == boolean.class || type == Boolean.class) {
            return bool(text);
        } else if (type == int.class || type == Integer.class) {
            return Math.toIntExact(whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
        } else if (type == long.class || type == Long.class) {
            return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type == double.class || type == Double.class) {
            return number(text);
        } else if (type == Duration.class) {
            return Durations.parse(text);
        } else if (type == Path.class) {
            return Path.of(text);
        } else if (type == URI.class) {
            return address(text);
        } else if (type.isEnum() && parseMethod(type) == null) {
            return constant(text, type);
        }
        return parsed(text, type);
    }

    private static Object parsed(String text, Class<?> type) {
        Method parse = parseMethod(type);
        if (parse == null) {
            throw new IllegalStateException(type + " cannot be configured");
        }
        try {
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(type + " cannot be read", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(type + " cannot be configured", e);
        }
    }

    // A type with a static parse(String) reads itself, as ByteSize and ListenAddress do.
    private static @Nullable Method parseMethod(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals("parse")
                    && Modifier.isStatic(method.getModifiers())
                    && method.getReturnType() == type
                    && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class})) {
                method.setAccessible(true);
                return method;
            }
        }
        return null;
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text + ": expected true or false");
        };
    }

    private static long whole(String text, long least, long most) {
        if (text.matches("-?(?:0|[1-9][0-9]{0,18})")) {
            try {
                long value = Long.parseLong(text);
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException tooLarge) {
                // said below with the range
            }
            throw new IllegalArgumentException(text + ": expected a whole number from " + least + " to " + most);
        }
        throw new IllegalArgumentException(text + ": expected a whole number");
    }

    private static double number(String text) {
        if (text.matches("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?")) {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        }
        throw new IllegalArgumentException(text + ": expected a number");
    }

    private static URI address(String text) {
        try {
            URI uri = URI.create(text);
            // A host with an underscore is no host to java.net.URI, but an authority. host:port is an opaque URI.
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (uri.getScheme() != null && !uri.isOpaque() && (!web || uri.getRawAuthority() != null)) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        throw new IllegalArgumentException("expected " + EXPECTED.get(URI.class));
    }

    private static Object constant(String text, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (enumText(constant).equals(text.replace('-', '_').toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new IllegalArgumentException(text + ": expected " + expectation(type));
    }

    private String expand(String text) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    expanded, Matcher.quoteReplacement(replacement(matcher.group(), matcher.group(1))));
        }
        return matcher.appendTail(expanded).toString();
    }

    private String replacement(String whole, @Nullable String name) {
        if (name == null) {
            return "$";
        } else if (whole.endsWith("}") && GROUP.matcher(name).matches()) {
            return whole; // ${1} is a group of a regular expression
        } else if (!whole.endsWith("}") || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    whole + ": expected ${NAME} of an environment variable; a dollar sign itself is $$");
        }
        String value = environment.apply(name);
        if (value == null) {
            throw new IllegalArgumentException("environment variable " + name + " is not set");
        }
        return value;
    }

    /** The secret that the named file holds. */
    Secret secretFile(YamlNode.Scalar scalar) {
        String name = expand(scalar.text());
        Path file = folder == null ? Path.of(name) : folder.resolve(name);
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(LARGEST_SECRET + 1);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(name + ": no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ": cannot be read (" + e.getMessage() + ")", e);
        }
        if (content.length > LARGEST_SECRET) {
            throw new IllegalArgumentException(name + ": is larger than a secret can be, " + LARGEST_SECRET + " bytes");
        }
        return new Secret(
                LINE_END.matcher(new String(content, StandardCharsets.UTF_8)).replaceFirst(""));
    }
}
