package io.emberwatch.exporter.tail;

import io.emberwatch.exporter.journal.Journal;
import io.emberwatch.exporter.tail.rule.RuleSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes offsets and values durable together: each record of the journal holds how far files have been read and what the
 * series were then.
 */
final class Checkpoint implements AutoCloseable {
    private static final int VERSION = 1;
    private static final long SMALLEST_REWRITE = 4 << 20;
    private static final int GROWTH = 4;

    private final RuleSet rules;
    private final Map<FileId, Saved> files = new LinkedHashMap<>();
    private final Journal journal;
    private final boolean fresh;
    private long rewritten;

    /**
     * A file as it was saved.
     *
     * @param path what the log was called when it was first seen
     */
    record Saved(FileId id, Path path, Position position) {}

    /** @throws IOException when the journal cannot be opened or read */
    Checkpoint(Path file, RuleSet rules) throws IOException {
        this.rules = rules;
        int[] records = {0};
        journal = Journal.open(file, record -> {
            records[0]++;
            restore(record);
        });
        fresh = records[0] == 0;
        rewritten = journal.length();
    }

    /** Whether nothing was saved before. */
    boolean isFresh() {
        return fresh;
    }

    /** The files that were followed. */
    List<Saved> files() {
        return new ArrayList<>(files.values());
    }

    private void restore(byte[] record) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(record));
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("offsets were saved by another version (" + version + ")");
        }
        for (int i = in.readInt(); i > 0; i--) {
            files.remove(new FileId(in.readLong(), in.readLong()));
        }
        for (int i = in.readInt(); i > 0; i--) {
            FileId id = new FileId(in.readLong(), in.readLong());
            files.put(id, new Saved(id, Path.of(in.readUTF()), Position.read(in)));
        }
        rules.restore(in);
    }

    /**
     * Saves what has changed, if anything has.
     *
     * @param gone files that are not followed any more
     * @throws IOException when it is not durable; what was saved before still is
     */
    void save(Collection<TailedFile> followed, Collection<FileId> gone) throws IOException {
        boolean filesChanged = followed.stream().anyMatch(TailedFile::isChanged);
        if (!filesChanged && gone.isEmpty() && !rules.hasChanges()) {
            return;
        }
        boolean all = journal.length() > SMALLEST_REWRITE + GROWTH * rewritten;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        out.writeInt(all ? 0 : gone.size());
        if (!all) {
            for (FileId id : gone) {
                write(out, id);
            }
        }
        List<TailedFile> written =
                followed.stream().filter(file -> all || file.isChanged()).toList();
        out.writeInt(written.size());
        for (TailedFile file : written) {
            write(out, file.id());
            out.writeUTF(file.origin().toString());
            file.position().write(out);
        }
        rules.write(out, all);
        if (all) {
            journal.replace(bytes.toByteArray());
            rewritten = journal.length();
        } else {
            journal.append(bytes.toByteArray());
        }
        written.forEach(TailedFile::saved);
        rules.settle();
    }

    private static void write(DataOutputStream out, FileId id) throws IOException {
        out.writeLong(id.device());
        out.writeLong(id.inode());
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
