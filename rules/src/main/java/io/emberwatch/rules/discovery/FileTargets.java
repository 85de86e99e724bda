package io.emberwatch.rules.discovery;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.discovery.TargetSources.FileSource;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The targets that files list. A file that is broken keeps the targets it had; one that is gone loses them. */
final class FileTargets {
    private static final int MAX_FILE = 32 << 20;
    private static final Logger logger = LoggerFactory.getLogger("rules.scrape");

    private final FileSource source;
    private final Consumer<List<TargetGroup>> found;
    private final DiscoveryMetrics metrics;
    private final Map<Path, Content> files = new TreeMap<>();

    /** A file as it was read. */
    private record Content(long modified, long size, List<TargetGroup> groups) {}

    FileTargets(FileSource source, Consumer<List<TargetGroup>> found, DiscoveryMetrics metrics) {
        this.source = source;
        this.found = found;
        this.metrics = metrics;
    }

    /** Reads what has changed, and tells the targets when anything has. */
    synchronized void look() {
        Set<Path> present = present();
        boolean changed = files.keySet().retainAll(present);
        for (Path file : present) {
            changed |= read(file);
        }
        if (changed) {
            List<TargetGroup> groups = new ArrayList<>();
            files.values().forEach(content -> groups.addAll(content.groups()));
            found.accept(groups);
        }
    }

    private Set<Path> present() {
        Set<Path> present = new TreeSet<>();
        for (Path pattern : source.patterns()) {
            Path name = pattern.getFileName();
            Path parent = pattern.getParent();
            if (name == null || name.toString().indexOf('*') < 0) {
                if (Files.isRegularFile(pattern)) {
                    present.add(pattern);
                }
                continue;
            }
            Path folder = parent == null ? Path.of("") : parent;
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> matching = Files.newDirectoryStream(folder, name.toString())) {
                    matching.forEach(present::add);
                } catch (IOException e) {
                    failed(folder, e);
                }
            }
        }
        return present;
    }

    private boolean read(Path file) {
        Content old = files.get(file);
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            long modified = now.lastModifiedTime().toMillis();
            if (old != null && old.modified() == modified && old.size() == now.size()) {
                return false;
            }
            // Noted before it is parsed, so that a broken file is told once and not at every look.
            files.put(file, new Content(modified, now.size(), old == null ? List.of() : old.groups()));
            if (now.size() > MAX_FILE) {
                throw new IOException("is larger than " + MAX_FILE + " bytes");
            }
            List<TargetGroup> groups = TargetGroup.parse(
                    file.toString(), Files.readString(file), Labels.of("__meta_filepath", file.toString()));
            files.put(file, new Content(modified, now.size(), groups));
            return true;
        } catch (IOException | ConfigException e) {
            failed(file, e);
            return false;
        }
    }

    private void failed(Path file, Exception e) {
        metrics.fileReadErrors.inc();
        logger.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("reason", e.getMessage())
                .log("discovery file cannot be read, its targets stay as they are");
    }
}
