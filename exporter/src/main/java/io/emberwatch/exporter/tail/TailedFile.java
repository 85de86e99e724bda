package io.emberwatch.exporter.tail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file that is followed. It stays open, so that a renamed or deleted one can be read to its end. */
final class TailedFile implements AutoCloseable {
    private final FileId id;
    private final FileChannel channel;
    private final Path origin;
    private Path path;
    private long offset;
    private boolean skipping;
    private byte[] head = {};
    private byte[] tail = {};
    private boolean changed = true;
    private boolean listed = true;
    private long sizeSeen = -1;
    private long modifiedSeen;
    private boolean touched;
    private boolean cutShort;
    private long quietSince;

    private TailedFile(FileId id, Path path, Path origin, FileChannel channel) {
        this.id = id;
        this.path = path;
        this.origin = origin;
        this.channel = channel;
    }

    /**
     * @param origin what it, or what it is a copy of, was called when it was first seen
     * @throws IOException when it cannot be opened or is another file by now
     */
    static TailedFile open(FileId id, Path path, Path origin, long nowMillis) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        if (!FileId.of(path).equals(id)) {
            channel.close();
            throw new IOException(path + ": was replaced while it was opened");
        }
        TailedFile file = new TailedFile(id, path, origin, channel);
        file.quietSince = nowMillis;
        return file;
    }

    FileId id() {
        return id;
    }

    Path path() {
        return path;
    }

    /** What it was called when it was first seen, or what the log is called that it is a copy of. */
    Path origin() {
        return origin;
    }

    /** Its name has been seen again, maybe another one. */
    void seenAt(Path seen, long modifiedMillis) {
        changed |= !seen.equals(path);
        touched |= modifiedMillis != modifiedSeen;
        modifiedSeen = modifiedMillis;
        path = seen;
        listed = true;
    }

    /** Whether it was left although there was more to read. */
    boolean isCutShort() {
        return cutShort;
    }

    void cutShort(boolean more) {
        cutShort = more;
    }

    void unlist() {
        listed = false;
    }

    /** Whether it had one of the names that are looked for when these were looked at. */
    boolean isListed() {
        return listed;
    }

    long offset() {
        return offset;
    }

    boolean isSkipping() {
        return skipping;
    }

    long size() throws IOException {
        return channel.size();
    }

    Position position() {
        return new Position(offset, skipping, Position.crc(head), Position.crc(tail));
    }

    /** Goes to a place that has been reached before or is chosen as the first. */
    void resume(long at, boolean withinLongLine) throws IOException {
        offset = at;
        skipping = withinLongLine;
        int length = (int) Math.min(Position.PRINT, at);
        head = Position.read(channel, 0, length);
        tail = Position.read(channel, at - length, length);
        changed = true;
    }

    /** Begins anew. */
    void restart() {
        offset = 0;
        skipping = false;
        head = new byte[0];
        tail = new byte[0];
        changed = true;
        sizeSeen = -1;
    }

    /** Whether it still is what it was when it was read. */
    boolean isItself() throws IOException {
        return position().isIn(channel);
    }

    /** Whether this is a copy of another, or the beginning of one: an empty file may become anything. */
    boolean holdsBeginOf(TailedFile other) throws IOException {
        long size = channel.size();
        byte[] known = other.offset > 0 ? other.head : Position.read(other.channel, 0, Position.PRINT);
        int length = (int) Math.min(known.length, size);
        if (length == 0) {
            return size == 0;
        }
        byte[] begin = Position.read(channel, 0, length);
        return Arrays.equals(begin, 0, length, known, 0, length)
                && (size < other.offset || other.position().isIn(channel));
    }

    /** Whether it holds what was read of a file before. */
    boolean holds(Position position) throws IOException {
        return position.isIn(channel);
    }

    byte[] read(long from, int length) throws IOException {
        return Position.read(channel, from, length);
    }

    /** Reads on into a buffer; gives how many bytes. */
    int read(byte[] buffer) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                break;
            }
        }
        return bytes.position();
    }

    /** Leaves bytes behind that have been counted. */
    void advance(byte[] buffer, int count, boolean withinLongLine) {
        if (count > 0) {
            head = extended(head, buffer, count);
            tail = shifted(tail, buffer, count);
            offset += count;
        }
        skipping = withinLongLine;
        changed = true;
    }

    private static byte[] extended(byte[] head, byte[] buffer, int count) {
        int more = Math.min(count, Position.PRINT - head.length);
        if (more <= 0) {
            return head;
        }
        byte[] longer = Arrays.copyOf(head, head.length + more);
        System.arraycopy(buffer, 0, longer, head.length, more);
        return longer;
    }

    private static byte[] shifted(byte[] tail, byte[] buffer, int count) {
        if (count >= Position.PRINT) {
            return Arrays.copyOfRange(buffer, count - Position.PRINT, count);
        }
        int kept = Math.min(tail.length, Position.PRINT - count);
        byte[] shifted = Arrays.copyOfRange(tail, tail.length - kept, tail.length + count);
        System.arraycopy(buffer, 0, shifted, kept, count);
        return shifted;
    }

    /** Whether it has changed since this was asked last; notes since when it has not. */
    boolean hasChanged(long nowMillis) throws IOException {
        long size = channel.size();
        boolean grown = size != sizeSeen || touched;
        touched = false;
        if (grown || quietSince > nowMillis) { // the clock may have been set back
            quietSince = nowMillis;
        }
        sizeSeen = size;
        return grown;
    }

    /** For how long it has been the same. */
    long quietMillis(long nowMillis) {
        return Math.max(0, nowMillis - quietSince);
    }

    boolean isChanged() {
        return changed;
    }

    void saved() {
        changed = false;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            return; // it was only read
        }
    }
}
