package io.emberwatch.exporter.tail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files that globs mean now. */
final class Globs {
    private static final int DEEPEST = 16;
    private static final int MOST_ENTRIES = 100_000;
    private static final List<String> COMPRESSED = List.of(".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip", ".Z");

    private final List<Glob> globs = new ArrayList<>();

    Globs(List<String> patterns) {
        patterns.forEach(pattern -> globs.add(Glob.of(pattern)));
    }

    static boolean isCompressed(Path path) {
        String name = path.getFileName().toString();
        return COMPRESSED.stream().anyMatch(name::endsWith);
    }

    /** In order of their names; folders that cannot be listed hold none. */
    Set<Path> paths() {
        Set<Path> paths = new TreeSet<>();
        for (Glob glob : globs) {
            glob.addTo(paths);
        }
        paths.removeIf(Globs::isCompressed);
        return paths;
    }

    /**
     * @param root the deepest folder that the pattern names without a wildcard
     * @param rest the parts below it, all but the last of folders; empty when the pattern has none
     */
    private record Glob(Path root, List<PathMatcher> rest, boolean deep, PathMatcher whole) {
        static Glob of(String pattern) {
            PathMatcher whole = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            List<String> names = List.of(pattern.substring(1).split("/+", -1));
            boolean splits = !pattern.contains("**") && names.stream().noneMatch(Glob::isOpen);
            Path root = Path.of("/");
            int i = 0;
            while (i < names.size() && isPlain(names.get(i))) {
                root = root.resolve(names.get(i++));
            }
            List<PathMatcher> rest = new ArrayList<>();
            if (splits) {
                for (String name : names.subList(i, names.size())) {
                    rest.add(FileSystems.getDefault().getPathMatcher("glob:" + name));
                }
            }
            return new Glob(root, rest, !splits, whole);
        }

        private static boolean isPlain(String name) {
            return name.chars().noneMatch(c -> "*?[{\\".indexOf(c) >= 0);
        }

        // Braces that hold slashes cannot be taken apart by folder.
        private static boolean isOpen(String name) {
            return name.chars().filter(c -> c == '{').count()
                    != name.chars().filter(c -> c == '}').count();
        }

        void addTo(Set<Path> paths) {
            if (deep) {
                walk(paths);
            } else {
                descend(root, 0, paths);
            }
        }

        private void descend(Path at, int depth, Set<Path> paths) {
            if (depth == rest.size()) {
                if (Files.isRegularFile(at)) {
                    paths.add(at);
                }
                return;
            }
            if (!Files.isDirectory(at)) {
                return;
            }
            PathMatcher matcher = rest.get(depth);
            try (DirectoryStream<Path> entries =
                    Files.newDirectoryStream(at, entry -> matcher.matches(entry.getFileName()))) {
                for (Path entry : entries) {
                    descend(entry, depth + 1, paths);
                }
            } catch (IOException | DirectoryIteratorException e) {
                return;
            }
        }

        private void walk(Set<Path> paths) {
            try (Stream<Path> all = Files.walk(root, DEEPEST, new FileVisitOption[0])) {
                all.limit(MOST_ENTRIES)
                        .filter(path -> whole.matches(path) && Files.isRegularFile(path))
                        .forEach(paths::add);
            } catch (IOException | UncheckedIOException e) {
                return;
            }
        }
    }
}
