package io.emberwatch.service.http;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;

/**
 * What answers at a path.
 *
 * @param methods the methods served; HEAD is served wherever GET is
 * @param path an exact path, or a prefix when it ends in {@code /*}
 */
public record Route(Set<String> methods, String path, Handler handler) {
    /** Answers one request, exactly once, through its exchange. */
    @FunctionalInterface
    public interface Handler {
        void handle(Exchange exchange) throws IOException, HttpError;
    }

    public Route {
        methods = Set.copyOf(methods);
        Objects.requireNonNull(handler, "handler");
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(path + ": a path begins with a slash");
        }
    }

    public static Route get(String path, Handler handler) {
        return new Route(Set.of("GET"), path, handler);
    }

    public static Route post(String path, Handler handler) {
        return new Route(Set.of("POST"), path, handler);
    }

    boolean isPrefix() {
        return path.endsWith("/*");
    }

    boolean matches(String requested) {
        return isPrefix()
                ? requested.startsWith(path.substring(0, path.length() - 1))
                        || requested.equals(path.substring(0, path.length() - 2))
                : requested.equals(path);
    }

    boolean allows(String method) {
        return methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }
}
