package io.emberwatch.rules.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Finds rule files by pattern: {@code *}, {@code ?} and {@code [a-z]} in any part of a path. */
public final class RuleFiles {
    private RuleFiles() {}

    /**
     * The files that match any of the patterns, each once, sorted.
     *
     * @param base the folder that relative patterns start from
     */
    public static List<Path> find(Path base, Collection<String> patterns) throws IOException {
        TreeSet<Path> files = new TreeSet<>();
        for (String pattern : patterns) {
            files.addAll(find(base, pattern));
        }
        return List.copyOf(files);
    }

    /** The files that match one pattern, sorted; a pattern without wildcards gives its path whether it exists or not. */
    public static List<Path> find(Path base, String pattern) throws IOException {
        if (!isGlob(pattern)) {
            return pattern.isEmpty() ? List.of() : List.of(base.resolve(pattern));
        }
        boolean absolute = pattern.startsWith("/");
        List<Path> found = List.of(absolute ? Path.of("/") : base);
        for (String part : pattern.split("/", -1)) {
            if (!part.isEmpty()) {
                found = step(found, part);
            }
        }
        return found.stream().filter(Files::isRegularFile).sorted().toList();
    }

    private static boolean isGlob(String text) {
        return text.chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
    }

    private static List<Path> step(List<Path> folders, String part) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : folders) {
            if (!isGlob(part)) {
                Path path = folder.resolve(part);
                if (Files.exists(path)) {
                    found.add(path);
                }
                continue;
            }
            // Braces mean nothing in the patterns of Prometheus, and would in Java's.
            String glob = part.replace("{", "\\{").replace("}", "\\}");
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
                entries.forEach(found::add);
            } catch (NotDirectoryException e) {
                // a file has nothing in it
            }
        }
        return found;
    }
}
