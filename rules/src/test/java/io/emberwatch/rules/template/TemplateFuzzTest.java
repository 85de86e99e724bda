package io.emberwatch.rules.template;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.model.Labels;
import java.time.Instant;

final class TemplateFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void expandsOrRefusesAnyText(FuzzedDataProvider data) {
        double value = data.consumeDouble();
        TemplateData dot = new TemplateData(Labels.of("job", "a"), Labels.EMPTY, "http://x", value);
        try {
            Template.parse("t", data.consumeRemainingAsString()).expand(dot, Instant.EPOCH, TemplateQueries.NONE);
        } catch (TemplateException e) {
            // Refused, or failed with a message, as documented.
        }
    }
}
