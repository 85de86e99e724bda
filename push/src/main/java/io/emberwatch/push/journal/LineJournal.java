package io.emberwatch.push.journal;

import io.emberwatch.push.journal.Segment.Frames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines in the order of their coming, on disk until they are released: what {@link #append} took is there after the
 * process was killed. Safe for many writers and one reader.
 *
 * <p>Bounded; when it is full it takes nothing. While the disk takes nothing, lines are kept in memory, bounded too. What
 * was read but not released is read again by {@link #rewind} or the next process.
 */
public final class LineJournal implements AutoCloseable {
    private static final Pattern FILE = Pattern.compile("(\\d{16})\\.lines");
    private static final String PLACE = "place";
    private static final long LARGEST_SEGMENT = 8 << 20;
    private static final int READ_BYTES = 256 << 10;
    private static final long PLACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final Path folder;
    private final long maxBytes;
    private final long maxMemory;
    private final long segmentBytes;
    private final TreeMap<Long, Segment> segments = new TreeMap<>(); // guarded by this
    private final List<Piece> memory = new ArrayList<>(); // guarded by this
    private long memoryBytes;
    private long memoryReleased;
    private int memoryRead;
    private long diskBytes;
    private long waitingLines;
    private long appendedLines;
    private long readLines;
    private long releasedLines;
    private long readSegment;
    private long readOffset;
    private long releasedSegment;
    private long releasedOffset;
    private long placeSavedAt;
    private long damages;
    private boolean diskFails;
    private long diskTriedAt;
    private boolean closed;
    private @Nullable Frames frames; // the reader's own, as is what follows
    private boolean frameHeld;

    private static final class Piece {
        final byte[] lines;
        final int count;

        Piece(byte[] lines, int count) {
            this.lines = lines;
            this.count = count;
        }
    }

    private LineJournal(Path folder, long maxBytes, long maxMemory) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.maxMemory = maxMemory;
        segmentBytes = Math.max(1, Math.min(LARGEST_SEGMENT, maxBytes / 4));
    }

    /**
     * Opens the journal of a folder, which is made if need be; what an earlier process left is read first. A full disk is no
     * hindrance: lines are kept in memory until it has room.
     *
     * @param maxBytes on disk
     * @param maxMemory bytes in memory while the disk takes nothing
     * @throws IOException when the folder cannot be read, or not be made for another reason than a full disk
     */
    public static LineJournal open(Path folder, long maxBytes, long maxMemory) throws IOException {
        LineJournal journal = new LineJournal(folder, maxBytes, maxMemory);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            if (!isDiskFull(e)) {
                throw e;
            }
            journal.diskFailed(e);
            return journal;
        }
        journal.load();
        return journal;
    }

    /** Whether the disk refused for want of room, which may come back, in the words of Linux. */
    private static boolean isDiskFull(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }

    private synchronized void load() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        readPlace();
        for (Path file : files) {
            Matcher name = FILE.matcher(String.valueOf(file.getFileName()));
            if (!name.matches()) {
                continue;
            }
            long number = Long.parseLong(name.group(1));
            if (number < releasedSegment) {
                Files.deleteIfExists(file);
                continue;
            }
            Segment segment = Segment.reopen(folder, number);
            if (number == releasedSegment && releasedOffset > segment.length()) {
                releasedOffset = segment.length();
            }
            segments.put(number, segment);
            diskBytes += segment.length();
            waitingLines += linesFrom(segment, number == releasedSegment ? releasedOffset : 0);
        }
        if (!segments.isEmpty() && releasedSegment < segments.firstKey()) {
            releasedSegment = segments.firstKey();
            releasedOffset = 0;
        }
        appendedLines = waitingLines;
        readSegment = releasedSegment;
        readOffset = releasedOffset;
    }

    private static long linesFrom(Segment segment, long from) throws IOException {
        long lines = 0;
        long at = from;
        for (Frames frames = segment.read(at, 1 << 20); frames != null; frames = segment.read(at, 1 << 20)) {
            while (frames.next()) {
                lines += frames.count();
                at = frames.end();
            }
            if (frames.damaged()) {
                break;
            }
        }
        return lines;
    }

    private void readPlace() {
        try {
            String[] parts = Files.readString(folder.resolve(PLACE)).strip().split(" ", -1);
            if (parts.length == 2) {
                releasedSegment = Long.parseLong(parts[0]);
                releasedOffset = Long.parseLong(parts[1]);
            }
        } catch (IOException | NumberFormatException e) {
            logger.debug("no place is saved, everything is sent again: {}", e.getMessage());
        }
    }

    /**
     * Takes whole lines; afterwards they survive the end of the process, unless the disk takes nothing.
     *
     * @return whether there was room; if not, nothing was taken
     */
    public synchronized boolean append(byte[] in, int from, int to, int count) {
        if (closed) {
            return false;
        }
        int bytes = to - from;
        if (!memory.isEmpty() && System.nanoTime() - diskTriedAt > RETRY_NANOS) {
            moveToDisk();
        }
        boolean roomInMemory = memoryBytes + bytes <= maxMemory;
        boolean tryDisk = memory.size() == memoryRead && (!diskFails || System.nanoTime() - diskTriedAt > RETRY_NANOS);
        if (tryDisk || !roomInMemory) {
            if (diskBytes + Segment.sizeOf(bytes) > maxBytes) {
                return false;
            }
            if (appendToDisk(in, from, to, count)) {
                taken(count);
                return true;
            }
        }
        if (!roomInMemory) {
            return false;
        }
        memory.add(new Piece(Arrays.copyOfRange(in, from, to), count));
        memoryBytes += bytes;
        taken(count);
        return true;
    }

    /** What is in memory and was not read yet goes to disk as far as it takes it; what is on its way already does not. */
    private void moveToDisk() {
        int moved = memoryRead;
        while (moved < memory.size()) {
            Piece piece = memory.get(moved);
            if (diskBytes + Segment.sizeOf(piece.lines.length) > maxBytes
                    || !appendToDisk(piece.lines, 0, piece.lines.length, piece.count)) {
                break;
            }
            memoryBytes -= piece.lines.length;
            moved++;
        }
        memory.subList(memoryRead, moved).clear();
    }

    private void taken(int count) {
        waitingLines += count;
        appendedLines += count;
        notifyAll();
    }

    private boolean appendToDisk(byte[] in, int from, int to, int count) {
        diskTriedAt = System.nanoTime();
        try {
            if (diskFails) {
                Files.createDirectories(folder);
            }
            Segment last = segments.isEmpty() ? null : segments.lastEntry().getValue();
            if (last == null || (last.length() > 0 && last.length() + Segment.sizeOf(to - from) > segmentBytes)) {
                long number = Math.max(last == null ? 0 : last.number, releasedSegment) + 1;
                last = Segment.create(folder, number);
                segments.put(number, last);
            }
            last.append(in, from, to, count);
            diskBytes += Segment.sizeOf(to - from);
            if (diskFails) {
                diskFails = false;
                logger.atInfo().addKeyValue("folder", folder).log("lines can be kept on disk again");
            }
            return true;
        } catch (IOException e) {
            diskFailed(e);
            return false;
        }
    }

    private void diskFailed(IOException why) {
        if (!diskFails) {
            diskFails = true;
            logger.atError()
                    .addKeyValue("folder", folder)
                    .addKeyValue("reason", why.getMessage())
                    .addKeyValue("memory_bytes", maxMemory)
                    .log("lines cannot be kept on disk, only in memory");
        }
    }

    /** Waits until something is released, so long at most. */
    public synchronized void awaitRoom(Duration atMost) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, atMost.toNanos()));
    }

    /** Waits until so many lines are there to be read, so long at most; returns whether there is any. */
    public synchronized boolean awaitLines(int wanted, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos();
                !closed && appendedLines - readLines < wanted && left > 0;
                left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return appendedLines > readLines;
    }

    /**
     * Reads on: at least one piece as it was taken, together up to so many lines and bytes; null when there is none.
     *
     * @throws IOException when the disk does not give what it holds
     */
    public @Nullable Chunk read(int maxLines, int maxBytes) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(16 << 10);
        int count = 0;
        while (nextFrame()) {
            Frames frame = Objects.requireNonNull(frames);
            if (count > 0 && (count + frame.count() > maxLines || lines.size() + frame.length() > maxBytes)) {
                return chunk(lines.toByteArray(), count);
            }
            lines.write(frame.bytes(), frame.start(), frame.length());
            count += frame.count();
            readOffset = frame.end();
            frameHeld = false;
        }
        return count > 0 ? chunk(lines.toByteArray(), count) : readMemory(maxLines, maxBytes);
    }

    /** Goes to the next frame, unless the one that it is at was not used yet. */
    private boolean nextFrame() throws IOException {
        while (!frameHeld) {
            Frames from = frames;
            if (from != null && from.next()) {
                frameHeld = true;
                break;
            }
            if (from != null && from.damaged()) {
                skipDamaged();
            }
            Segment segment = toRead();
            frames = segment == null ? null : segment.read(readOffset, READ_BYTES);
            if (frames == null) {
                return false;
            }
        }
        return true;
    }

    private synchronized Chunk chunk(byte[] lines, int count) {
        readLines += count;
        return new Chunk(
                lines, count, new Chunk.Place(readSegment, readOffset, memoryReleased + memoryRead, readLines));
    }

    /** The segment that has something to be read, or null. */
    private synchronized @Nullable Segment toRead() {
        while (true) {
            Map.Entry<Long, Segment> entry = segments.ceilingEntry(readSegment);
            if (entry == null) {
                return null;
            }
            if (entry.getKey() > readSegment) {
                readSegment = entry.getKey();
                readOffset = 0;
            }
            if (readOffset < entry.getValue().length()) {
                return entry.getValue();
            }
            Long higher = segments.higherKey(readSegment);
            if (higher == null) {
                return null;
            }
            readSegment = higher;
            readOffset = 0;
        }
    }

    private synchronized void skipDamaged() {
        damages++;
        logger.atError()
                .addKeyValue("segment", readSegment)
                .addKeyValue("offset", readOffset)
                .log("what was kept from here on cannot be read and is left out");
        Segment segment = segments.get(readSegment);
        readOffset = segment == null ? readOffset : segment.length();
    }

    private synchronized @Nullable Chunk readMemory(int maxLines, int maxBytes) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        int count = 0;
        while (memoryRead < memory.size()) {
            Piece piece = memory.get(memoryRead);
            if (count > 0 && (count + piece.count > maxLines || lines.size() + piece.lines.length > maxBytes)) {
                break;
            }
            lines.writeBytes(piece.lines);
            count += piece.count;
            memoryRead++;
        }
        if (count == 0 && toRead() == null) {
            readLines = appendedLines; // what was damaged will not be read
        }
        return count == 0 ? null : chunk(lines.toByteArray(), count);
    }

    /** Lets everything up to a place go, which has arrived. */
    public synchronized void release(Chunk.Place place) {
        releasedSegment = place.segment();
        releasedOffset = place.offset();
        long lines = place.lines() - releasedLines;
        releasedLines = place.lines();
        waitingLines = Math.max(0, waitingLines - lines);
        int pieces = (int) (place.memory() - memoryReleased);
        for (Piece piece : memory.subList(0, pieces)) {
            memoryBytes -= piece.lines.length;
        }
        memory.subList(0, pieces).clear();
        memoryReleased += pieces;
        memoryRead -= pieces;
        deleteReleased();
        if (System.nanoTime() - placeSavedAt > PLACE_NANOS) {
            savePlace();
        }
        notifyAll();
    }

    private void deleteReleased() {
        while (!segments.isEmpty()) {
            Segment first = segments.firstEntry().getValue();
            boolean full = first.length() >= segmentBytes / 2 && segments.size() == 1;
            boolean done = first.number < releasedSegment
                    || (first.number == releasedSegment && releasedOffset >= first.length() && full);
            if (!done) {
                return;
            }
            segments.remove(first.number);
            diskBytes -= first.length();
            try {
                first.delete();
            } catch (IOException e) {
                logger.atWarn().addKeyValue("segment", first.number).log("cannot be deleted: {}", e.getMessage());
            }
        }
    }

    private void savePlace() {
        placeSavedAt = System.nanoTime();
        Path unfinished = folder.resolve(PLACE + ".new");
        try {
            Files.write(
                    unfinished, (releasedSegment + " " + releasedOffset + "\n").getBytes(StandardCharsets.US_ASCII));
            Files.move(unfinished, folder.resolve(PLACE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            logger.debug("the place cannot be saved, more will be sent again: {}", e.getMessage());
        }
    }

    /** Reads again from what was released last. */
    public synchronized void rewind() {
        readSegment = releasedSegment;
        readOffset = releasedOffset;
        readLines = releasedLines;
        memoryRead = 0;
        frames = null;
        frameHeld = false;
    }

    /** Moves what waits in memory to the disk if that has room again. */
    public synchronized void retryDisk() {
        if (!closed) {
            moveToDisk();
        }
    }

    /** Has the disk itself keep what was written: what came before survives a loss of power too. */
    public void sync() {
        Segment last;
        synchronized (this) {
            last = segments.isEmpty() || closed ? null : segments.lastEntry().getValue();
        }
        try {
            if (last != null) {
                last.sync();
            }
        } catch (IOException e) {
            logger.debug("cannot be synced: {}", e.getMessage());
        }
    }

    /** Lines that were taken and not released. */
    public synchronized long waitingLines() {
        return waitingLines;
    }

    /** Bytes on disk, of which some may be released already, and in memory. */
    public synchronized long bytes() {
        return diskBytes + memoryBytes;
    }

    /** Whether the disk did not take the latest lines. */
    public synchronized boolean diskFails() {
        return diskFails;
    }

    /** Places where what was kept could not be read again. */
    public synchronized long damages() {
        return damages;
    }

    /**
     * Takes nothing any more and leaves what waits to the next process.
     *
     * @return lines in memory that the disk still does not take: they are lost
     */
    public synchronized long shut() {
        if (closed) {
            return 0;
        }
        long lost = 0;
        for (Piece piece : memory) {
            if (!appendToDisk(piece.lines, 0, piece.lines.length, piece.count)) {
                lost += piece.count;
            }
        }
        memory.clear();
        closed = true;
        savePlace();
        for (Segment segment : segments.values()) {
            try {
                segment.sync();
                segment.close();
            } catch (IOException e) {
                logger.atWarn().addKeyValue("segment", segment.number).log("cannot be closed: {}", e.getMessage());
            }
        }
        notifyAll();
        return lost;
    }

    @Override
    public void close() {
        long lost = shut();
        if (lost > 0) {
            logger.atError().addKeyValue("lines", lost).log("lines were lost: the disk took nothing");
        }
    }
}
