package io.emberwatch.exporter.textfile;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;

/**
 * Folders in which other programs leave metrics.
 *
 * @param directories whose files {@code *.prom} are read; the last part of a path may be a glob
 * @param maxFile larger files are refused, at most 256 MiB
 * @param keepLastGood how long after its last good reading a file that cannot be read is still shown as it was
 */
public record TextfileConfig(
        @Default("[]") List<String> directories,
        @Default("16MiB") ByteSize maxFile,
        @Default("10m") Duration keepLastGood) {
    private static final long LARGEST_FILE = 256 << 20;

    public TextfileConfig {
        directories = List.copyOf(directories);
        if (directories.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("directories: a path must not be empty");
        }
        if (maxFile.bytes() < 1 || maxFile.bytes() > LARGEST_FILE) {
            throw new IllegalArgumentException("max_file: must be from 1 byte to 256MiB");
        }
        if (keepLastGood.isNegative()) {
            throw new IllegalArgumentException("keep_last_good: must not be negative");
        }
    }
}
