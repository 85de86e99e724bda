package io.emberwatch.exporter.push;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Lines that wait to be sent.
 *
 * @param sequence order of their making, which the clock has no part in
 * @param madeMillis when they were measured
 * @param lines how many
 * @param size in bytes
 * @param file where they are; null for memory
 * @param bytes the lines themselves when they are in memory
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and the bytes are shared on purpose
record Batch(
        long sequence,
        long madeMillis,
        int lines,
        long size,
        @Nullable Path file,
        byte @Nullable [] bytes) {}
