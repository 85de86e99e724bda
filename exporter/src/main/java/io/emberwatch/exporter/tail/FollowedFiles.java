package io.emberwatch.exporter.tail;

import io.emberwatch.exporter.tail.Checkpoint.Saved;
import io.emberwatch.exporter.tail.TailConfig.Start;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files are followed, through all that becomes of logs.
 *
 * <p>A file is known by its inode and by what it holds. A renamed or deleted one is read to its end. A file that does not
 * hold any more what was read of it was cut, or its inode is another file's now: it is begun anew, and where a copy of what
 * it was lies beside it, as {@code copytruncate} leaves one, the rest of that is read first. A copy is not read otherwise,
 * even when its name is one of those looked for.
 */
final class FollowedFiles implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("tail");
    private static final int MOST_NEIGHBOURS = 10_000;

    private final TailConfig config;
    private final TailMetrics.One metrics;
    private final Globs globs;
    private final Map<FileId, TailedFile> followed = new LinkedHashMap<>();
    private final Set<FileId> gone = new HashSet<>();
    private final Map<FileId, Saved> saved = new LinkedHashMap<>();
    private final Map<Path, String> troubles = new HashMap<>();
    private Start start = Start.BEGINNING;
    private boolean looked;

    FollowedFiles(TailConfig config, TailMetrics.One metrics) {
        this.config = config;
        this.metrics = metrics;
        globs = new Globs(config.paths());
    }

    /** @param first where the files begin that are there at the first look and were not saved */
    void restore(List<Saved> files, Start first) {
        files.forEach(file -> saved.put(file.id(), file));
        start = first;
    }

    Collection<TailedFile> all() {
        return followed.values();
    }

    /** Files that are not followed any more but may be saved as such. */
    Set<FileId> gone() {
        return Set.copyOf(gone);
    }

    void goneSaved() {
        gone.clear();
    }

    /** Looks at the names once more. */
    void discover(long nowMillis) {
        Set<Path> unreadable = new HashSet<>(troubles.keySet());
        followed.values().forEach(TailedFile::unlist);
        for (Path path : globs.paths()) {
            try {
                Stat stat = Stat.of(path);
                TailedFile known = followed.get(stat.id());
                if (known != null) {
                    known.seenAt(path, stat.modifiedMillis());
                } else if (followed.size() < config.maxFiles()) {
                    open(path, stat.id(), nowMillis);
                } else {
                    throw new IOException(
                            "more than " + config.maxFiles() + " files; max_files says how many are followed");
                }
                unreadable.remove(path);
                troubles.remove(path);
            } catch (NoSuchFileException e) {
                logger.debug("{} is gone again", path);
            } catch (IOException e) {
                unreadable(path, e);
                unreadable.remove(path);
            }
        }
        unreadable.forEach(troubles::remove);
        if (!looked) {
            saved.values().removeIf(file -> followed.containsKey(file.id()));
            List.copyOf(saved.values()).forEach(file -> findAgain(file, nowMillis));
            saved.clear();
            looked = true;
        }
    }

    private void open(Path path, FileId id, long nowMillis) throws IOException {
        Saved before = saved.get(id);
        TailedFile file = TailedFile.open(id, path, before == null ? path : before.path(), nowMillis);
        try {
            if (before != null) {
                file.resume(before.position().offset(), before.position().skipping());
                if (!file.position().equals(before.position())) {
                    begunAnew(file, before.position(), nowMillis);
                }
            } else if (isCopy(file)) {
                file.close();
                return;
            } else if (!looked && start == Start.END) {
                file.resume(lastLineBegin(file), false);
            }
        } catch (IOException e) {
            file.close();
            throw e;
        }
        followed.put(id, file);
        gone.remove(id);
    }

    // A line whose end is still to come is counted as a whole.
    private long lastLineBegin(TailedFile file) throws IOException {
        long size = file.size();
        long from = Math.max(0, size - config.maxLine().bytes());
        byte[] end = file.read(from, (int) (size - from));
        int at = end.length;
        while (at > 0 && end[at - 1] != '\n') {
            at--;
        }
        return at == 0 && from > 0 ? size : from + at;
    }

    private boolean isCopy(TailedFile file) throws IOException {
        for (TailedFile other : followed.values()) {
            if (isBeside(file.path(), other.origin()) && file.holdsBeginOf(other)) {
                return true;
            }
        }
        // What was read before a restart may not have been found again yet.
        for (Saved before : saved.values()) {
            if (before.position().offset() > 0
                    && isBeside(file.path(), before.path())
                    && file.holds(before.position())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBeside(Path rotated, Path original) {
        String name = original.getFileName().toString();
        return !rotated.equals(original)
                && Objects.equals(rotated.getParent(), original.getParent())
                && rotated.getFileName().toString().startsWith(name);
    }

    /** A file does not hold any more what was read of it. */
    void begunAnew(TailedFile file, long nowMillis) {
        begunAnew(file, file.position(), nowMillis);
    }

    private void begunAnew(TailedFile file, Position before, long nowMillis) {
        metrics.truncations().inc();
        Path copy = find(file.origin(), before, nowMillis);
        logger.atInfo()
                .addKeyValue("tail", config.name())
                .addKeyValue("file", file.path())
                .addKeyValue("copy", copy == null ? "none" : copy)
                .log("log was cut and is begun anew");
        file.restart();
    }

    /** Finds a file of the last run that has none of the names any more. */
    private void findAgain(Saved file, long nowMillis) {
        if (find(file.path(), file.position(), nowMillis) == null) {
            metrics.vanished().inc();
            gone.add(file.id());
            logger.atWarn()
                    .addKeyValue("tail", config.name())
                    .addKeyValue("file", file.path())
                    .log("log is gone, with what was not read of it");
        } else if (!followed.containsKey(file.id())) {
            gone.add(file.id());
        }
    }

    /** Follows the neighbour of a file that holds what was read of it; null when there is none. */
    private @Nullable Path find(Path original, Position position, long nowMillis) {
        if (position.offset() == 0) {
            return null;
        }
        for (Path neighbour : neighbours(original)) {
            try {
                FileId id = FileId.of(neighbour);
                if (followed.containsKey(id)) {
                    continue;
                }
                try (FileChannel channel = FileChannel.open(neighbour, StandardOpenOption.READ)) {
                    if (!position.isIn(channel)) {
                        continue;
                    }
                }
                TailedFile rest = TailedFile.open(id, neighbour, original, nowMillis);
                rest.resume(position.offset(), position.skipping());
                rest.unlist();
                followed.put(id, rest);
                gone.remove(id);
                return neighbour;
            } catch (IOException e) {
                logger.debug("{} cannot be looked at: {}", neighbour, e.getMessage());
            }
        }
        return null;
    }

    // Those whose name begins as the file's first: rotation puts a number or a date behind it.
    private static List<Path> neighbours(Path original) {
        List<Path> rotated = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(original.getParent())) {
            for (Path entry : entries) {
                if (rotated.size() + others.size() == MOST_NEIGHBOURS) {
                    break;
                }
                if (!entry.equals(original) && !Globs.isCompressed(entry) && Files.isRegularFile(entry)) {
                    (isBeside(entry, original) ? rotated : others).add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            logger.debug("{} cannot be listed: {}", original.getParent(), e.getMessage());
        }
        rotated.addAll(others);
        return rotated;
    }

    /** A file that was renamed or deleted has been read to its end. */
    void finish(TailedFile file) {
        metrics.rotations().inc();
        followed.remove(file.id());
        gone.add(file.id());
        file.close();
    }

    /** Says once why a file cannot be read; it is tried again at every look. */
    void unreadable(Path path, IOException e) {
        String reason = e.getClass().getSimpleName() + ": " + e.getMessage();
        if (!reason.equals(troubles.put(path, reason))) {
            logger.atWarn()
                    .addKeyValue("tail", config.name())
                    .addKeyValue("file", path)
                    .addKeyValue("reason", reason)
                    .log("log cannot be read");
        }
    }

    /** Sets the gauges. */
    void measure() {
        long unread = 0;
        for (TailedFile file : followed.values()) {
            try {
                unread += Math.max(0, file.size() - file.offset());
            } catch (IOException e) {
                logger.debug("{} has no size: {}", file.path(), e.getMessage());
            }
        }
        metrics.unread().set(unread);
        metrics.files().set(followed.size());
        metrics.unreadable().set(troubles.size());
    }

    @Override
    public void close() {
        followed.values().forEach(TailedFile::close);
        followed.clear();
    }
}
