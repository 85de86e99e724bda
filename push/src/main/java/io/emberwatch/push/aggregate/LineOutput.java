package io.emberwatch.push.aggregate;

/** Takes finished lines. */
@FunctionalInterface
public interface LineOutput {
    /**
     * Takes a line.
     *
     * @param key measurement, tags and field: {@code cpu,host=a#user}; shared, must not be changed
     * @param line with its line feed
     */
    void line(byte[] key, byte[] line);
}
