package io.emberwatch.rules.remote;

import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import java.util.Arrays;

/** Snappy's block format (google/snappy, {@code format_description.txt}): no frames, no checksums. */
final class SnappyBlock {
    // A block says at its beginning how long it will be; no sound one grows by more than this.
    private static final int MOST_GROWTH = 64;

    private SnappyBlock() {}

    /** The length that a block says to have when decompressed. @throws MalformedRequestException when it cannot be true */
    static int length(byte[] block) throws MalformedRequestException {
        if (block.length == 0) {
            throw new MalformedRequestException("snappy: the body is empty");
        }
        int length;
        try {
            length = SnappyDecompressor.getUncompressedLength(block, 0);
        } catch (RuntimeException e) {
            throw new MalformedRequestException("snappy: the length is malformed");
        }
        if (length < 0 || length > (long) block.length * MOST_GROWTH) {
            throw new MalformedRequestException("snappy: a block of " + block.length + " bytes says to hold " + length);
        }
        return length;
    }

    static byte[] decompress(byte[] block) throws MalformedRequestException {
        byte[] plain = new byte[length(block)];
        try {
            int written = new SnappyDecompressor().decompress(block, 0, block.length, plain, 0, plain.length);
            if (written != plain.length) {
                throw new MalformedRequestException("snappy: the block ends early");
            }
        } catch (RuntimeException e) {
            throw new MalformedRequestException("snappy: the block is malformed");
        }
        return plain;
    }

    static byte[] compress(byte[] plain, int length) {
        SnappyCompressor compressor = new SnappyCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(length)];
        int written = compressor.compress(plain, 0, length, block, 0, block.length);
        return Arrays.copyOf(block, written);
    }
}
