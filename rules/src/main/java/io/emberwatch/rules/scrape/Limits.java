package io.emberwatch.rules.scrape;

import io.emberwatch.rules.settings.MappingReader;

/**
 * The bounds of one scrape; zero is no bound of its own.
 *
 * @param bodySize bytes of the page, decompressed. Without one {@link PageBuffers#MAX_PAGE} holds
 * @param samples after metric relabelling
 * @param targets of the job, after relabelling
 * @param labels of a series, after metric relabelling
 * @param labelNameLength characters
 * @param labelValueLength characters
 * @param keptDroppedTargets how many dropped targets of the job are remembered for display
 */
record Limits(
        long bodySize,
        int samples,
        int targets,
        int labels,
        int labelNameLength,
        int labelValueLength,
        int keptDroppedTargets) {
    static final Limits NONE = new Limits(0, 0, 0, 0, 0, 0, 0);

    static Limits read(MappingReader reader, Limits fallback) {
        return new Limits(
                reader.size("body_size_limit", fallback.bodySize()),
                reader.count("sample_limit", fallback.samples()),
                reader.count("target_limit", fallback.targets()),
                reader.count("label_limit", fallback.labels()),
                reader.count("label_name_length_limit", fallback.labelNameLength()),
                reader.count("label_value_length_limit", fallback.labelValueLength()),
                reader.count("keep_dropped_targets", fallback.keptDroppedTargets()));
    }
}
