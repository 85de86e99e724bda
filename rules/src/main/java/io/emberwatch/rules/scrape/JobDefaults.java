package io.emberwatch.rules.scrape;

import io.emberwatch.rules.settings.MappingReader;
import java.util.List;
import java.util.Set;

/**
 * What a job has unless it says otherwise.
 *
 * @param escaping the scheme by which targets may escape names
 */
record JobDefaults(
        ScrapeConfig.Global global,
        Limits limits,
        List<ScrapeProtocol> protocols,
        String escaping,
        boolean extraMetrics) {
    private static final Set<String> ESCAPINGS = Set.of("allow-utf-8", "underscores", "dots", "values");

    JobDefaults {
        protocols = List.copyOf(protocols);
    }

    /** Reads the keys about names and histograms, which are the same in {@code global} and in a job. */
    static String readEscaping(MappingReader reader, String fallback) {
        String escaping = reader.text("metric_name_escaping_scheme", fallback);
        if (!ESCAPINGS.contains(escaping)) {
            reader.problem(
                    "metric_name_escaping_scheme",
                    escaping + ": expected one of allow-utf-8, underscores, dots, values");
        }
        String validation = reader.text("metric_name_validation_scheme", "utf8");
        if (!validation.equals("utf8")) {
            reader.problem("metric_name_validation_scheme", validation + ": only utf8 is supported here");
        }
        // There are no native histograms here, so a classic one is scraped always.
        reader.flag("always_scrape_classic_histograms", true);
        for (String key : List.of("scrape_native_histograms", "convert_classic_histograms_to_nhcb")) {
            if (reader.flag(key, false)) {
                reader.problem(key, "native histograms are not supported here");
            }
        }
        return escaping;
    }
}
