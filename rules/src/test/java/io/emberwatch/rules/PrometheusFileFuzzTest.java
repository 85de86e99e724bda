package io.emberwatch.rules;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.rules.scrape.ScrapeConfig;
import io.emberwatch.service.config.ConfigException;
import java.nio.file.Path;

/** Any text is a prometheus.yml or is refused with {@link ConfigException}, by those who read its halves. */
final class PrometheusFileFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void readsOrRefusesAnyText(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        try {
            ScrapeConfig.parse("prometheus.yml", text);
        } catch (ConfigException refused) {
            requireReason(refused);
        }
        try {
            PrometheusFile.parse("prometheus.yml", Path.of("/"), text);
        } catch (ConfigException refused) {
            requireReason(refused);
        }
    }

    private static void requireReason(ConfigException refused) {
        if (refused.problems().isEmpty()) {
            throw new AssertionError("refused without a reason", refused);
        }
    }
}
