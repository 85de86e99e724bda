package io.emberwatch.exporter.push;

import io.emberwatch.exporter.push.PushConfig.BufferConfig;
import io.emberwatch.exporter.push.PushMetrics.Drop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines in the order of their making, each batch a file of its own: written beside, synced and renamed, so that a file is
 * there wholly or not at all; deleted once it was sent. A process that is killed sends its last batch twice at most, which
 * InfluxDB takes for one because the times are the same.
 *
 * <p>Bounded by size, age and {@value #MOST_BATCHES} batches; beyond that the oldest is dropped and counted. While the disk
 * takes nothing, batches stay in memory, up to {@value #MOST_MEMORY} bytes of them.
 */
final class LineBuffer {
    static final int MOST_BATCHES = 100_000;
    static final long MOST_MEMORY = 16 << 20;
    private static final Pattern NAME = Pattern.compile("(\\d{16})-(\\d+)-(\\d+)\\.lines");
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final Path folder;
    private final BufferConfig bounds;
    private final PushMetrics.One metrics;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private long size;
    private long held; // lines
    private long memory;
    private long next = 1;
    private boolean diskFails;

    LineBuffer(Path folder, BufferConfig bounds, PushMetrics.One metrics) {
        this.folder = folder;
        this.bounds = bounds;
        this.metrics = metrics;
    }

    /** @throws IOException when the folder cannot be made or listed */
    synchronized void open() throws IOException {
        Files.createDirectories(folder);
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        }
        for (Path file : files) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches()) {
                long sequence = Long.parseLong(name.group(1));
                add(new Batch(
                        sequence,
                        Long.parseLong(name.group(2)),
                        Integer.parseInt(name.group(3)),
                        Files.size(file),
                        file,
                        null));
                next = sequence + 1;
            } else {
                Files.deleteIfExists(file); // not finished when the process ended
            }
        }
    }

    /** Keeps lines; afterwards they survive the end of the process, unless the disk takes nothing. */
    synchronized void add(byte[] lines, int count, long nowMillis) {
        expire(nowMillis);
        while (!batches.isEmpty()
                && (size + lines.length > bounds.maxSize().bytes()
                        || batches.size() >= MOST_BATCHES
                        || (bounds.maxLines() > 0 && held + count > bounds.maxLines()))) {
            drop(Drop.SIZE);
        }
        long sequence = next++;
        try {
            Path file = write(sequence, lines, count, nowMillis);
            add(new Batch(sequence, nowMillis, count, lines.length, file, null));
            if (diskFails) {
                diskFails = false;
                logger.atInfo().addKeyValue("folder", folder).log("samples can be kept on disk again");
            }
            metrics.kept().set(1);
        } catch (IOException e) {
            keepInMemory(new Batch(sequence, nowMillis, count, lines.length, null, lines.clone()), e);
        }
    }

    private Path write(long sequence, byte[] lines, int count, long nowMillis) throws IOException {
        String name = String.format(Locale.ROOT, "%016d-%d-%d.lines", sequence, nowMillis, count);
        Path unfinished = folder.resolve(name + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(lines);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            return Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    private void keepInMemory(Batch batch, IOException e) {
        metrics.kept().set(0);
        if (!diskFails) {
            diskFails = true;
            logger.atError()
                    .addKeyValue("folder", folder)
                    .addKeyValue("reason", e.getMessage())
                    .log("samples cannot be kept on disk");
        }
        while (memory + batch.size() > MOST_MEMORY && !batches.isEmpty()) {
            drop(Drop.DISK);
        }
        memory += batch.size();
        add(batch);
    }

    private void add(Batch batch) {
        batches.addLast(batch);
        size += batch.size();
        held += batch.lines();
        metrics.buffered(batches.size(), batch.lines(), batch.size());
    }

    /** Drops what is too old; a clock that was set back makes nothing older. */
    synchronized void expire(long nowMillis) {
        long oldest = nowMillis - bounds.maxAge().toMillis();
        while (!batches.isEmpty() && batches.getFirst().madeMillis() < oldest) {
            drop(Drop.AGE);
        }
    }

    private void drop(Drop reason) {
        Batch batch = batches.removeFirst();
        metrics.dropped(reason, batch.lines());
        forget(batch);
    }

    private void forget(Batch batch) {
        size -= batch.size();
        held -= batch.lines();
        memory -= batch.bytes() == null ? 0 : batch.size();
        metrics.buffered(batches.size(), -batch.lines(), -batch.size());
        if (batch.file() != null) {
            try {
                Files.deleteIfExists(batch.file());
            } catch (IOException e) {
                logger.atWarn().addKeyValue("file", batch.file()).log("cannot be deleted: {}", e.getMessage());
            }
        }
    }

    /** The oldest batch, or null. */
    synchronized @Nullable Batch oldest() {
        return batches.peekFirst();
    }

    /** Its lines, or null when they cannot be read any more; they are then dropped. */
    byte @Nullable [] read(Batch batch) {
        byte[] bytes = batch.bytes();
        Path file = batch.file();
        if (bytes != null || file == null) {
            return bytes;
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            logger.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.getMessage())
                    .log("kept samples are lost");
            give(batch, Drop.UNREADABLE);
            return null;
        }
    }

    /** Lets a batch go that was sent, unless it was dropped meanwhile; tells whether it was there. */
    synchronized boolean sent(Batch batch) {
        if (batches.remove(batch)) {
            forget(batch);
            return true;
        }
        return false;
    }

    /** Lets a batch go that will never be sent. */
    synchronized void give(Batch batch, Drop reason) {
        if (batches.remove(batch)) {
            metrics.dropped(reason, batch.lines());
            forget(batch);
        }
    }

    /** Leaves what is kept for the next time; what is in memory goes to the disk if that takes it again. */
    synchronized void close() {
        for (Batch batch : List.copyOf(batches)) {
            byte[] bytes = batch.bytes();
            if (bytes != null) {
                try {
                    write(batch.sequence(), bytes, batch.lines(), batch.madeMillis());
                } catch (IOException e) {
                    give(batch, Drop.DISK);
                }
            }
        }
        metrics.left().inc(metrics.lines().get());
        batches.forEach(batch -> metrics.buffered(0, -batch.lines(), -batch.size()));
        batches.clear();
        size = 0;
        held = 0;
        memory = 0;
    }
}
