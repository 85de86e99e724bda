package io.emberwatch.rules.remote;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;

/**
 * How samples are taken at {@code /api/v1/write}.
 *
 * @param enabled whether they are at all
 * @param maxBody the largest request, compressed
 * @param maxMessage the largest request, decompressed
 */
public record ReceiverConfig(
        @Default("true") boolean enabled,
        @Default("16MiB") ByteSize maxBody,
        @Default("64MiB") ByteSize maxMessage) {
    public ReceiverConfig {
        if (maxBody.bytes() <= 0 || maxBody.bytes() > 1 << 30) {
            throw new IllegalArgumentException("maxBody: expected 1 byte to 1 GiB");
        }
        if (maxMessage.bytes() <= 0 || maxMessage.bytes() > 1 << 30) {
            throw new IllegalArgumentException("maxMessage: expected 1 byte to 1 GiB");
        }
    }
}
