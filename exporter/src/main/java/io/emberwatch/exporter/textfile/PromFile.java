package io.emberwatch.exporter.textfile;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of metrics, read again when it changes.
 *
 * <p>A file that a program is writing just now is empty or ends within a line; such a file, as any that cannot be read,
 * leaves what was read before as it is for a while.
 */
final class PromFile {
    private static final Logger logger = LoggerFactory.getLogger("textfile");

    private final Path path;
    private final long maxBytes;
    private @Nullable Stamp seen;
    private @Nullable Content good;
    private long goodAtMillis;
    private String trouble = "";

    PromFile(Path path, long maxBytes) {
        this.path = path;
        this.maxBytes = maxBytes;
    }

    Path path() {
        return path;
    }

    /**
     * What a file held.
     *
     * @param modifiedMillis when it was written, in milliseconds since the Unix epoch
     */
    record Content(List<MetricFamily> families, long modifiedMillis) {}

    /** Whether the file could be read the last time, so that {@link #content} is what it holds. */
    boolean isGood() {
        return trouble.isEmpty();
    }

    /** What the file holds, or held when it could last be read, unless that is longer ago than {@code keepMillis}. */
    @Nullable
    Content content(long nowMillis, long keepMillis) {
        return isGood() || nowMillis - goodAtMillis <= keepMillis ? good : null;
    }

    /** Why the file cannot be read now; empty when it can. */
    String trouble() {
        return trouble;
    }

    /** Looks at the file. */
    void refresh(long nowMillis) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Stamp stamp = new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
            if (!stamp.equals(seen)) {
                good = new Content(read(), stamp.modifiedMillis);
                seen = stamp;
                settle("");
            }
            if (isGood()) {
                goodAtMillis = nowMillis;
            }
        } catch (IOException | ParseException e) {
            seen = null;
            settle(String.valueOf(e.getMessage()));
        }
    }

    private List<MetricFamily> read() throws IOException, ParseException {
        byte[] page;
        try (InputStream in = Files.newInputStream(path)) {
            page = in.readNBytes((int) maxBytes + 1);
        }
        if (page.length > maxBytes) {
            throw new IOException("larger than " + maxBytes + " bytes");
        }
        if (page.length == 0 && good != null) {
            throw new IOException("empty, but was not before");
        }
        if (page.length > 0 && page[page.length - 1] != '\n') {
            throw new IOException("ends within a line");
        }
        List<MetricFamily> families = ExpositionParser.parseFamilies(page, TextFormat.PROMETHEUS_0_0_4);
        for (MetricFamily family : families) {
            if (family.points().stream().anyMatch(MetricPoint::hasTimestamp)) {
                throw new IOException(family.name() + " has a timestamp, which files may not have");
            }
        }
        return families;
    }

    private void settle(String found) {
        if (!found.equals(trouble)) {
            trouble = found;
            if (found.isEmpty()) {
                logger.atInfo().addKeyValue("file", path).log("file can be read again");
            } else {
                logger.atWarn()
                        .addKeyValue("file", path)
                        .addKeyValue("reason", found)
                        .log("file cannot be read, what it held before is kept for a while");
            }
        }
    }

    private record Stamp(
            long modifiedMillis, long size, @Nullable Object key) {
        Stamp {
            key = Objects.requireNonNullElse(key, "none");
        }
    }
}
