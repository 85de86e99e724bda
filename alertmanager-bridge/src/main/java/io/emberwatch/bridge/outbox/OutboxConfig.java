package io.emberwatch.bridge.outbox;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where notifications are kept, and for how long.
 *
 * @param directory absent for {@code bridge} in the data directory
 * @param maxSize beyond which notifications are refused, so that their sender keeps them
 * @param standby whether the bridge waits while another has the outbox, and takes over when that ends
 * @param retention for how long delivered ones can be looked up
 * @param deadLetterRetention for how long those that were given up can be sent again
 */
public record OutboxConfig(
        @Nullable Path directory,
        @Default("512MiB") ByteSize maxSize,
        @Default("false") boolean standby,
        @Default("7d") Duration retention,
        @Default("30d") Duration deadLetterRetention) {
    private static final long SMALLEST = 1 << 20;

    public OutboxConfig {
        if (maxSize.bytes() < SMALLEST) {
            throw new IllegalArgumentException("max_size: expected at least 1MiB");
        }
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("retention: must be above zero");
        }
        if (deadLetterRetention.compareTo(retention) < 0) {
            throw new IllegalArgumentException("dead_letter_retention: must not be below retention");
        }
    }
}
