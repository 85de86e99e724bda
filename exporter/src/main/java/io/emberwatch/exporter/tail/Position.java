package io.emberwatch.exporter.tail;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * How far a file has been read, and what tells whether a file is still that file or a copy of it: checksums of its first
 * bytes and of those before the offset, {@value #PRINT} each or as many as there are.
 *
 * @param offset where the first line begins that is not counted yet
 * @param skipping whether the line there is too long, and its beginning has been passed over
 */
record Position(long offset, boolean skipping, int headCrc, int tailCrc) {
    static final int PRINT = 1024;

    static final Position BEGINNING = new Position(0, false, 0, 0);

    int printLength() {
        return (int) Math.min(PRINT, offset);
    }

    /** Whether a file begins as this one did and is the same before the offset. */
    boolean isIn(FileChannel file) throws IOException {
        int length = printLength();
        return file.size() >= offset
                && crc(read(file, 0, length)) == headCrc
                && crc(read(file, offset - length, length)) == tailCrc;
    }

    /** A part of a file, as long as there is one. */
    static byte[] read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                break;
            }
        }
        byte[] read = new byte[bytes.position()];
        bytes.flip().get(read);
        return read;
    }

    static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(offset);
        out.writeBoolean(skipping);
        out.writeInt(headCrc);
        out.writeInt(tailCrc);
    }

    static Position read(DataInputStream in) throws IOException {
        return new Position(in.readLong(), in.readBoolean(), in.readInt(), in.readInt());
    }
}
